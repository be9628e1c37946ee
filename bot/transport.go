package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

// transport sends requests to Telegram and repeats those that have not taken
// effect: when no connection was made, or when Telegram says that it failed. It
// does not repeat a request whose answer was lost on the way, for Telegram has
// no way to tell a repetition from a second message. When Telegram asks for
// patience, what only asks or sets waits here, the rest in the sender.
type transport struct {
	client *http.Client
	token  string
}

const (
	mostTries    = 6 // that failed on Telegram's side; waiting when asked to, or for the network, counts none
	mostDials    = 60
	firstWait    = 300 * time.Millisecond
	longestWait  = 10 * time.Second
	mostResponse = 64 << 20
)

// repeatable are the methods that may be sent twice: asking, and setting what
// is set already.
func repeatable(path string) bool {
	return waitsHere(path) || strings.HasPrefix(method(path), "edit") || strings.HasPrefix(method(path), "answer")
}

// waitsHere are the methods that nobody waits for.
func waitsHere(path string) bool {
	m := method(path)
	return strings.HasPrefix(m, "get") && m != "getUpdates" || strings.HasPrefix(m, "set")
}

func method(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// Do sends a request, by the library's wish with a body that can be read once.
func (t *transport) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	_ = req.Body.Close()
	for try, waits := 1, 0; ; try++ {
		again := req.Clone(req.Context())
		again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		resp, err := t.client.Do(again)
		wait, retry := t.verdict(req.URL.Path, resp, err, try)
		if retry && patient(resp, err) && waits < mostDials {
			waits++
			try--
		}
		if !retry || try == mostTries {
			return resp, t.redact(err)
		}
		if resp != nil {
			_ = resp.Body.Close()
		}
		if err := sleep(req.Context(), wait); err != nil {
			return nil, notSent{err}
		}
	}
}

// notSent says that a request was given up before it was sent again: what it
// asked for has certainly not happened.
type notSent struct{ error }

func (e notSent) Unwrap() error { return e.error }

// patient reports whether a try failed for want of a connection, or because
// Telegram asked to wait.
func patient(resp *http.Response, err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial" || resp != nil && resp.StatusCode == http.StatusTooManyRequests
}

// verdict says whether a request may be sent again, and after how long.
func (t *transport) verdict(path string, resp *http.Response, err error, try int) (time.Duration, bool) {
	backoff := min(longestWait, firstWait<<min(try-1, 6))
	backoff += rand.N(backoff / 2)
	var op *net.OpError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return 0, false
	case errors.As(err, &op) && op.Op == "dial":
		return backoff, true
	case err != nil:
		return backoff, repeatable(path)
	case resp.StatusCode == http.StatusTooManyRequests && waitsHere(path):
		return retryAfter(resp), true
	case resp.StatusCode >= 500:
		return backoff, repeatable(path) || refused(resp)
	}
	return 0, false
}

// refused reports whether it is Telegram itself that says it failed, and not a
// gateway before it, which does not know. It puts the body back.
func refused(resp *http.Response) bool {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, mostResponse))
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var answer struct {
		OK   *bool `json:"ok"`
		Code int   `json:"error_code"`
	}
	return json.Unmarshal(body, &answer) == nil && answer.OK != nil && !*answer.OK && answer.Code >= 500
}

// retryAfter reads how long Telegram asks to wait, and puts the body back.
func retryAfter(resp *http.Response) time.Duration {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, mostResponse))
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var answer struct {
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	_ = json.Unmarshal(body, &answer) // without a number we wait a second
	return time.Duration(max(1, answer.Parameters.RetryAfter))*time.Second + 50*time.Millisecond
}

// redact keeps the token out of errors.
func (t *transport) redact(err error) error {
	if err == nil || !strings.Contains(err.Error(), t.token) {
		return err
	}
	return redacted{strings.ReplaceAll(err.Error(), t.token, "…"), err}
}

type redacted struct {
	text string
	err  error
}

func (r redacted) Error() string { return r.text }
func (r redacted) Unwrap() error { return r.err }

// brief makes an error fit for a log line: one line, without what a proxy
// answered in HTML, without the token.
func brief(err error, token string) string {
	s := strings.ReplaceAll(err.Error(), token, "…")
	if i := strings.IndexByte(s, '<'); i >= 0 {
		s = s[:i] + "…"
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Errors of polling that need different care.
var (
	errUnauthorized = errors.New("token unknown to Telegram")
	errConflict     = errors.New("another program polls with this token, or a webhook is set")
)

// getUpdates asks for updates from offset on, waiting up to wait for the first.
// The library's own polling loses updates when it stops and stands still at
// one that it cannot decode; so each is decoded by itself, by our caller.
func (t *transport) getUpdates(ctx context.Context, api string, offset int64, limit int, wait time.Duration) ([]json.RawMessage, error) {
	outer := ctx
	ctx, cancel := context.WithTimeout(ctx, wait+15*time.Second)
	defer cancel()
	params, err := json.Marshal(map[string]any{
		"offset": offset, "limit": limit, "timeout": int(wait.Seconds()), "allowed_updates": allowedUpdates,
	})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, api+"/bot"+t.token+"/getUpdates", bytes.NewReader(params))
	if err != nil {
		return nil, t.redact(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := t.client.Do(req)
	if err != nil {
		return nil, t.redact(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusTooManyRequests {
		wait := retryAfter(resp)
		return nil, errors.Join(fmt.Errorf("asked to wait %s", wait), sleep(outer, wait))
	}
	var answer struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Code        int               `json:"error_code"`
		Description string            `json:"description"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, mostResponse)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("status %d: %w", resp.StatusCode, err)
	}
	switch {
	case answer.OK:
		return answer.Result, nil
	case answer.Code == http.StatusUnauthorized || answer.Code == http.StatusNotFound:
		return nil, fmt.Errorf("%w: %s", errUnauthorized, answer.Description)
	case answer.Code == http.StatusConflict:
		return nil, fmt.Errorf("%w: %s", errConflict, answer.Description)
	}
	return nil, fmt.Errorf("%d %s", answer.Code, answer.Description)
}
