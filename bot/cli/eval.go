package cli

import (
	"context"
	"errors"
)

func runEval(ctx context.Context, j *job) (int, error) {
	return Failed, errors.New("x")
}
