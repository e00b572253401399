// Scores one dossier and prints why: node score.mjs HOST:PORT REQUEST.json   (a ScoreRequest in protobuf JSON, see ../golden)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
const protobuf = createRequire(createRequire(import.meta.url).resolve("@grpc/proto-loader"))("protobufjs");

const [address, file] = process.argv.slice(2);
const folder = process.env.OCOP_PROTO ?? fileURLToPath(new URL("../../../proto", import.meta.url));
const contract = "ocop/scoring/v1/scoring.proto";
// enums as words in answers; defaults so that empty lists are lists; oneofs tells which value is set.
const options = { includeDirs: [folder], enums: String, defaults: true, oneofs: true };
const api = grpc.loadPackageDefinition(loader.loadSync(contract, options)).ocop.scoring.v1;
const client = new api.ScoringService(address, grpc.credentials.createInsecure());

client.Score(JSON.parse(readFileSync(file, "utf8")), { deadline: Date.now() + 10_000 }, (error, response) => {
  if (error) return refused(error);
  const { status, stars, summary, findings } = response.assessment;
  console.log(status, stars ? `${stars.afterMinimums} sao` : "");   // stars is null unless the product is ranked
  console.log(summary[0]);
  for (const finding of findings) console.log(`- ${finding.code}: ${finding.text[0]}`);
});

// Everything that is wrong, from the first detail of the status; no google.rpc types are needed.
function refused(error) {
  console.error(`${grpc.status[error.code]}: ${error.details}`);
  const [packed] = error.metadata.get("grpc-status-details-bin");
  if (packed) {
    const root = protobuf.parse(`syntax = "proto3"; message Any { string type_url = 1; bytes value = 2; }
      message Status { int32 code = 1; string message = 2; repeated Any details = 3; }`).root;
    const [first] = root.lookupType("Status").decode(packed).details;
    const own = new protobuf.Root();
    own.loadSync(`${folder}/${contract}`);
    for (const wrong of own.lookupType("ocop.scoring.v1.ErrorDetail").decode(first.value).violations)
      console.error(`- ${wrong.field} ${wrong.code}: ${wrong.text[0]}`);
  }
  process.exitCode = 1;
}
