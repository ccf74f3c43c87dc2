// Lints docs/openapi.json by Redocly's recommended rules; prints findings, and fails when there are any.
import { createConfig, lint } from "@redocly/openapi-core";

const config = await createConfig({ extends: ["recommended"] });
const findings = await lint({ ref: process.argv[2], config });
for (const { ruleId, severity, message, location } of findings) {
  console.log(`${severity} ${ruleId} ${location?.[0]?.pointer ?? ""}: ${message}`);
}
process.exitCode = findings.length ? 1 : 0;
