"""The contract, generated from proto/ocop/scoring/v1/scoring.proto."""
