<?php
// Scores one dossier and prints why: php score.php HOST:PORT REQUEST.json (a ScoreRequest in protobuf JSON, see ../golden).
// Needs the extension grpc, the packages google/protobuf and grpc/grpc, and stubs of the contract in the autoloader.
require __DIR__ . '/vendor/autoload.php';

use Ocop\Scoring\V1\ErrorDetail;
use Ocop\Scoring\V1\ScoreRequest;
use Ocop\Scoring\V1\ScoringServiceClient;

[, $address, $file] = $argv;
$request = new ScoreRequest();
$request->mergeFromJsonString(file_get_contents($file));
$client = new ScoringServiceClient($address, ['credentials' => Grpc\ChannelCredentials::createInsecure()]);
[$response, $status] = $client->Score($request, [], ['timeout' => 10_000_000])->wait();

if ($status->code !== Grpc\STATUS_OK) {
    fwrite(STDERR, "{$status->details}\n");
    // Everything that is wrong, from the first detail; read by hand, as google.rpc.Status may not be installed.
    $packed = $status->metadata['grpc-status-details-bin'][0] ?? null;
    if ($packed !== null) {
        $whole = new Google\Rpc\Status();
        $whole->mergeFromString($packed);
        $detail = new ErrorDetail();
        $detail->mergeFromString($whole->getDetails()[0]->getValue());
        foreach ($detail->getViolations() as $wrong) {
            fwrite(STDERR, "- {$wrong->getField()} {$wrong->getCode()}: {$wrong->getText()[0]}\n");
        }
    }
    exit(1);
}
$result = $response->getAssessment();
// hasStars() is false unless the product is ranked.
echo $result->getStatus(), $result->hasStars() ? " {$result->getStars()->getAfterMinimums()} sao" : '', "\n";
echo $result->getSummary()[0], "\n";
foreach ($result->getFindings() as $finding) {
    echo "- {$finding->getCode()}: {$finding->getText()[0]}\n";
}
