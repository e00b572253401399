// Scores one dossier and prints why: Score HOST:PORT REQUEST.json (a ScoreRequest in protobuf JSON, see ../golden).
import com.google.protobuf.Any;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import vn.ocop.scoring.v1.Assessment;
import vn.ocop.scoring.v1.ErrorDetail;
import vn.ocop.scoring.v1.ScoreRequest;
import vn.ocop.scoring.v1.ScoringServiceGrpc;

public class Score {
  public static void main(String[] args) throws Exception {
    var request = ScoreRequest.newBuilder();
    JsonFormat.parser().merge(Files.readString(Path.of(args[1])), request);
    var channel = Grpc.newChannelBuilder(args[0], InsecureChannelCredentials.create()).build();
    try {
      var stub = ScoringServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
      Assessment result = stub.score(request.build()).getAssessment();
      // hasStars is false unless the product is ranked; getStatusValue survives states that this build does not know.
      System.out.println(result.getStatus() + (result.hasStars() ? " " + result.getStars().getAfterMinimums() + " sao" : ""));
      System.out.println(result.getSummary(0));
      result.getFindingsList().forEach(f -> System.out.println("- " + f.getCode() + ": " + f.getText(0)));
    } catch (StatusRuntimeException refused) {
      System.err.println(refused.getStatus());
      for (Any detail : StatusProto.fromThrowable(refused).getDetailsList())
        if (detail.is(ErrorDetail.class))
          for (var wrong : detail.unpack(ErrorDetail.class).getViolationsList())
            System.err.println("- " + wrong.getField() + " " + wrong.getCode() + ": " + wrong.getText(0));
      System.exit(1);
    } finally {
      channel.shutdownNow();
    }
  }
}
