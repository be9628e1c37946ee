package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"onrecord/bot/say"
	"onrecord/index"
)

// runAsk answers the question in the arguments, or one a line from standard
// input.
func runAsk(ctx context.Context, j *job) (int, error) {
	if len(j.args) > 0 && strings.TrimSpace(strings.Join(j.args, "")) == "" {
		return Failed, errors.New(`the question is empty; ask as in: onrecord ask "Who denied it?"`)
	}
	x, err := j.openIndex(ctx)
	if err != nil {
		return Failed, err
	}
	defer closeIndex(j, x)
	if len(j.args) == 0 {
		return Done, j.askLines(ctx, x)
	}
	answer, err := x.Ask(ctx, j.question(strings.Join(j.args, " "), ""))
	if err != nil {
		return Failed, err
	}
	if err := j.print(answer, say.Topic(say.English, x)); err != nil {
		return Failed, err
	}
	if !answer.Answered {
		return Nothing, nil
	}
	return Done, nil
}

func (j *job) question(text, after string) index.Question {
	return index.Question{Text: strings.ToValidUTF8(text, "\ufffd"), After: strings.ToValidUTF8(after, "\ufffd"), Limit: j.limit, Explain: j.explain}
}

// closeIndex closes the index at the end of a command; what it says can no
// longer change the outcome.
func closeIndex(j *job, x *index.Index) {
	if err := x.Close(); err != nil {
		fmt.Fprintf(j.Err, "onrecord: the index did not close: %v\n", err)
	}
}

// askLines answers every line of standard input with one line, each written
// out before the next is read.
func (j *job) askLines(ctx context.Context, x *index.Index) error {
	topic := say.Topic(say.English, x)
	if isTerminal(j.In) {
		fmt.Fprintln(j.Err, "One question a line; end with Ctrl-D.")
	}
	return eachLine(ctx, j.In, func(line string) error {
		question, after := parseLine(line)
		answer, err := x.Ask(ctx, j.question(question, after))
		if err != nil {
			return err
		}
		return j.print(answer, topic)
	})
}

// longestLine is how much of an input line is kept, in bytes: far more than
// any question has.
const longestLine = 4 << 20

// eachLine visits every line of r, cut to longestLine bytes, until r or ctx
// ends. A last line without an end counts.
func eachLine(ctx context.Context, r io.Reader, visit func(string) error) error {
	lines, ended := make(chan string), make(chan error, 1)
	go func() { // a read cannot be interrupted: the process ends around it
		in := bufio.NewReaderSize(r, 4096)
		for {
			line, more, err := readLine(in)
			if more {
				select {
				case lines <- line:
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				ended <- err
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line := <-lines:
			if err := visit(line); err != nil {
				return err
			}
		case err := <-ended:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

// readLine reads one line, dropping what exceeds longestLine. More reports
// whether there was a line.
func readLine(in *bufio.Reader) (line string, more bool, err error) {
	var b bytes.Buffer
	for {
		part, err := in.ReadSlice('\n')
		more = more || len(part) > 0
		if room := longestLine - b.Len(); room > 0 {
			b.Write(part[:min(len(part), room)])
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return strings.TrimRight(b.String(), "\r\n"), more, err
		}
	}
}

// parseLine reads a line of input: a JSON object with a question, or else a
// question as it stands.
func parseLine(line string) (question, after string) {
	line = strings.TrimPrefix(line, "\ufeff")
	var object struct {
		Question *string `json:"question"`
		After    string  `json:"after"`
	}
	if strings.HasPrefix(strings.TrimSpace(line), "{") && json.Unmarshal([]byte(line), &object) == nil && object.Question != nil {
		return *object.Question, object.After
	}
	return line, ""
}

// answerLine is an answer as ask --json prints it.
type answerLine struct {
	index.Answer
	Confidence float64 `json:"confidence"`
	Ms         float64 `json:"ms"`
}

// print writes an answer to standard output.
func (j *job) print(a index.Answer, topic string) error {
	if !j.json {
		_, err := io.WriteString(j.Out, j.render(a, topic))
		return err
	}
	b, err := encode(answerLine{a, round(a.Confidence, 3), round(float64(a.Took.Microseconds())/1000, 3)})
	if err != nil {
		return err
	}
	_, err = j.Out.Write(b)
	return err
}

// encode writes v as one line of JSON with < > & as they are.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

func round(x float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	return math.Round(x*p) / p
}
