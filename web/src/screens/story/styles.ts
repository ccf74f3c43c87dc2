export const STYLES = ["dusk_gouache", "paper_cut", "ink_wash", "woodcut", "night_lantern"] as const;
export type Style = (typeof STYLES)[number];
