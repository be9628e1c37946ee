// Command onrecord answers questions about one news event with quotes, word
// for word, each with its source: in Telegram, in a terminal, in a pipe.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"net/url"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/joho/godotenv"

	"onrecord/bot"
	"onrecord/bot/cli"
	"onrecord/corpus"
	"onrecord/index"
)

// gcPercent makes the collector keep the heap small: the server is small, and an
// answer spends little time on garbage. Who runs it with another value than Go's
// own keeps that.
const (
	gcPercent   = 50
	goGCPercent = 100
)

func main() {
	if set := debug.SetGCPercent(gcPercent); set != goGCPercent {
		debug.SetGCPercent(set)
	} else if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		index.AllowGarbage()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run reads the settings, wires the parts and runs the command.
func run(ctx context.Context, args []string) int {
	if err := godotenv.Load(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		if !errors.As(err, new(*fs.PathError)) {
			err = errors.New("a line of it is not of the form NAME=value") // the parser's words would show the token
		}
		fmt.Fprintf(os.Stderr, "onrecord: .env cannot be read: %v\n", err)
		return cli.Failed
	}
	c, problems := readConfig(os.LookupEnv)
	if len(problems) > 0 && needsSettings(args) {
		for _, p := range problems {
			fmt.Fprintln(os.Stderr, "onrecord:", p)
		}
		return cli.Failed
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.LogLevel}))
	plain := os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"
	s := cli.Settings{CorpusDir: c.CorpusDir, DataDir: c.DataDir, Version: version(), Log: log,
		Check: func(ctx context.Context) []cli.Finding { return append(wrong(problems), c.check(ctx)...) }}
	if c.Token != "" {
		s.Serve = c.serve
	}
	return cli.Run(ctx, args, s, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Plain: plain})
}

// serve runs the Telegram bot until ctx ends.
func (c config) serve(ctx context.Context, s cli.Settings) error {
	x, err := index.Open(ctx, index.Options{
		Corpus: func() (fs.FS, io.Closer, error) { return cli.OpenCorpus(s.CorpusDir) }, Dir: s.DataDir, Log: s.Log, Hold: true,
	})
	if err != nil {
		return err
	}
	for _, skipped := range x.Report().Skipped {
		s.Log.Warn("a file was skipped", "file", skipped.Path, "because", skipped.Reason)
	}
	st := x.Status()
	s.Log.Info("on record", "articles", st.Articles, "passages", st.Passages, "skipped", st.Skipped)
	b, err := bot.New(bot.Options{
		Token: c.Token, APIURL: c.APIURL, Admins: c.AdminIDs, DataDir: s.DataDir, KeepQuestions: c.KeepQuestions, RateInGroups: c.FeedbackInGroups,
		Index: x, Log: s.Log,
	})
	if err != nil {
		return errors.Join(err, x.Close())
	}
	if c.Watch {
		stop := c.watch(ctx, s, x)
		defer stop()
	}
	return errors.Join(b.Run(ctx), x.Close())
}

// watch takes changed articles in by itself, until ctx ends or stop is called.
func (c config) watch(ctx context.Context, s cli.Settings, x *index.Index) (stop func()) {
	if s.CorpusDir == "" {
		s.Log.Warn("WATCH is set, but the built-in event never changes; set CORPUS_DIR")
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() {
		err := corpus.Watch(ctx, s.CorpusDir, func() {
			changes, err := x.Rebuild(ctx, nil)
			for errors.Is(err, index.ErrBusy) && ctx.Err() == nil { // an admin was faster, but may have begun too early
				time.Sleep(time.Second)
				changes, err = x.Rebuild(ctx, nil)
			}
			switch {
			case ctx.Err() != nil:
			case err != nil:
				s.Log.Error("changed articles could not be taken in; the old record stays", "error", err)
			default:
				s.Log.Info("changed articles were taken in", "articles", changes.Articles, "added", len(changes.Added), "changed", len(changes.Changed),
					"removed", len(changes.Removed), "took", changes.Took.Round(time.Millisecond))
			}
		})
		if err != nil {
			s.Log.Error("the articles are not watched; /reindex takes changes in", "error", err)
		}
	})
	return func() { cancel(); watching.Wait() }
}

// wrong turns wrong settings into findings.
func wrong(problems []string) []cli.Finding {
	var out []cli.Finding
	for _, p := range problems {
		out = append(out, cli.Finding{What: "settings", Mend: p})
	}
	return out
}

// check looks at the settings and asks Telegram about the token.
func (c config) check(ctx context.Context) []cli.Finding {
	if c.Token == "" {
		return []cli.Finding{{What: "token", Note: "TELEGRAM_BOT_TOKEN is not set: the bot runs in the terminal only"}}
	}
	findings := []cli.Finding{{What: "token"}}
	name, err := bot.Verify(ctx, c.Token, c.APIURL)
	if err != nil {
		findings[0].Mend = err.Error()
	} else {
		findings[0].Note = "Telegram knows it as @" + name
	}
	if len(c.AdminIDs) == 0 {
		findings = append(findings, cli.Finding{What: "admins", Note: "ADMIN_IDS is not set: nobody can /reindex"})
	}
	return findings
}

// needsSettings reports whether a command runs by the settings: all but those
// that explain, and check, which reports what is wrong with them.
func needsSettings(args []string) bool {
	if slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" }) {
		return false
	}
	return len(args) == 0 || !slices.Contains([]string{"check", "help", "read", "version", "--version"}, args[0])
}

// version is the module version that was built, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}

// config is what the environment or .env sets. .env.example explains each
// setting; a test holds the two together.
type config struct {
	Token     string
	APIURL    string
	AdminIDs  []int64
	CorpusDir string
	DataDir   string
	LogLevel  slog.Level

	KeepQuestions    bool
	FeedbackInGroups bool
	Watch            bool
}

// setting is one setting: its name and how it is read. A new one is a line in
// the table.
type setting struct {
	name string
	read func(c *config, value string) error
}

var settings = []setting{
	{"TELEGRAM_BOT_TOKEN", func(c *config, v string) error {
		if !tokenForm.MatchString(v) {
			return errors.New("is not a bot token; BotFather gives one like 123456789:AAE…")
		}
		c.Token = v
		return nil
	}},
	{"TELEGRAM_API_URL", func(c *config, v string) error {
		u, err := url.Parse(v)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return errors.New("is not an http or https address; leave it empty for https://api.telegram.org")
		}
		c.APIURL = strings.TrimRight(v, "/")
		return nil
	}},
	{"ADMIN_IDS", func(c *config, v string) error {
		for field := range strings.SplitSeq(v, ",") {
			if field = strings.TrimSpace(field); field == "" {
				continue
			}
			id, err := strconv.ParseInt(field, 10, 64)
			if err != nil || id <= 0 {
				return fmt.Errorf("holds %q, which is no user id; write numbers with commas between, as in 12345,67890", field)
			}
			c.AdminIDs = append(c.AdminIDs, id)
		}
		return nil
	}},
	{"CORPUS_DIR", func(c *config, v string) error {
		info, err := os.Stat(v)
		if err != nil {
			return fmt.Errorf("names %q, which cannot be opened: %w", v, errors.Unwrap(err))
		}
		if !info.IsDir() {
			return fmt.Errorf("names %q, which is not a folder", v)
		}
		c.CorpusDir = v
		return nil
	}},
	{"DATA_DIR", func(c *config, v string) error {
		if info, err := os.Stat(v); err == nil && !info.IsDir() {
			return fmt.Errorf("names %q, which is not a folder", v)
		}
		c.DataDir = v
		return nil
	}},
	{"KEEP_QUESTIONS", func(c *config, v string) error { return readSwitch(v, &c.KeepQuestions) }},
	{"FEEDBACK_IN_GROUPS", func(c *config, v string) error { return readSwitch(v, &c.FeedbackInGroups) }},
	{"WATCH", func(c *config, v string) error { return readSwitch(v, &c.Watch) }},
	{"LOG_LEVEL", func(c *config, v string) error {
		if err := c.LogLevel.UnmarshalText([]byte(v)); err != nil {
			return fmt.Errorf("is %q; write debug, info, warn or error", v)
		}
		return nil
	}},
}

// readSwitch reads 1 or 0.
func readSwitch(v string, on *bool) error {
	if v != "0" && v != "1" {
		return fmt.Errorf("is %q; write 1 for yes or 0 for no", v)
	}
	*on = v == "1"
	return nil
}

var tokenForm = regexp.MustCompile(`^\d{3,20}:[A-Za-z0-9_-]{3,100}$`)

// readConfig reads all settings. An empty one counts as not set. The problems
// name the settings that cannot be understood; the token is never part of one.
func readConfig(lookup func(string) (string, bool)) (config, []string) {
	c := config{APIURL: "https://api.telegram.org", LogLevel: slog.LevelInfo}
	var problems []string
	for _, s := range settings {
		value, _ := lookup(s.name)
		if value = strings.TrimSpace(value); value == "" {
			continue
		}
		if err := s.read(&c, value); err != nil {
			problems = append(problems, s.name+" "+err.Error())
		}
	}
	return c, problems
}
