/** The language that was chosen here, else the browser's. Needs nothing around it: `first.js` is made of its text. */
export function preferred(): "en" | "zh" {
  return (localStorage.getItem("soundstage.language") ?? navigator.language).startsWith("zh") ? "zh" : "en";
}
