// Scores one dossier and prints why: dotnet run -- http://HOST:PORT REQUEST.json (a ScoreRequest in protobuf JSON, see ../golden).
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Ocop.Scoring.V1;

var request = JsonParser.Default.Parse<ScoreRequest>(File.ReadAllText(args[1]));
using var channel = GrpcChannel.ForAddress(args[0]);
var client = new ScoringService.ScoringServiceClient(channel);
try
{
    var result = client.Score(request, deadline: DateTime.UtcNow.AddSeconds(10)).Assessment;
    // Stars is null unless the product is ranked.
    Console.WriteLine($"{result.Status} {(result.Stars is null ? "" : $"{result.Stars.AfterMinimums} sao")}");
    Console.WriteLine(result.Summary[0]);
    foreach (var finding in result.Findings) Console.WriteLine($"- {finding.Code}: {finding.Text[0]}");
    return 0;
}
catch (RpcException refused)
{
    Console.Error.WriteLine(refused.Status);
    var packed = refused.Trailers.GetValueBytes("grpc-status-details-bin");
    if (packed is not null)
    {
        var details = Google.Rpc.Status.Parser.ParseFrom(packed).Details;
        foreach (var wrong in details.Where(d => d.Is(ErrorDetail.Descriptor)).SelectMany(d => d.Unpack<ErrorDetail>().Violations))
            Console.Error.WriteLine($"- {wrong.Field} {wrong.Code}: {wrong.Text[0]}");
    }
    return 1;
}
