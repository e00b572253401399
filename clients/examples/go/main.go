// Scores one dossier and prints why: go run . HOST:PORT REQUEST.json (a ScoreRequest in protobuf JSON, see ../golden).
// Generate first: protoc -I ../../../proto --go_out=. --go-grpc_out=. --go_opt=Mocop/scoring/v1/scoring.proto=example/scoringv1 \
//   --go-grpc_opt=Mocop/scoring/v1/scoring.proto=example/scoringv1 --go_opt=module=example --go-grpc_opt=module=example ocop/scoring/v1/scoring.proto
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	pb "example/scoringv1"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	data, err := os.ReadFile(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	request := &pb.ScoreRequest{}
	if err := protojson.Unmarshal(data, request); err != nil {
		log.Fatal(err)
	}
	connection, err := grpc.NewClient(os.Args[1], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	response, err := pb.NewScoringServiceClient(connection).Score(ctx, request)
	if err != nil {
		for _, detail := range status.Convert(err).Details() { // decoded because our package is linked in
			if wrong, ok := detail.(*pb.ErrorDetail); ok {
				for _, violation := range wrong.Violations {
					fmt.Println(violation.Field, violation.Code, violation.Text[0])
				}
			}
		}
		log.Fatal(err)
	}
	assessment := response.Assessment
	if assessment.Stars != nil { // absent unless the product is ranked
		fmt.Println(assessment.Stars.GetAfterMinimums(), "sao")
	}
	fmt.Println(assessment.Status, assessment.Summary[0])
	for _, finding := range assessment.Findings {
		fmt.Println("-", finding.Code, finding.Text[0])
	}
}
