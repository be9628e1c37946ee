// Package cli is On Record in a terminal: its commands, their flags and what
// they print. Each command is one line of the table in commands.go and one
// file. Data go to standard output, all else to standard error.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"golang.org/x/term"

	"onrecord/corpus"
	"onrecord/index"
)

// Exit codes, the same for every command.
const (
	Done    = 0
	Nothing = 1 // nothing on record; for check: something to mend
	Failed  = 2 // wrong use, or failure
)

// Settings are what the commands take from the environment.
type Settings struct {
	CorpusDir string // empty for the built-in event
	DataDir   string // empty to keep nothing
	Version   string
	Log       *slog.Logger
	// Serve runs the Telegram bot until ctx ends. It is nil without a token.
	Serve func(ctx context.Context, s Settings) error
	// Check looks at what only main knows, the settings and the token.
	Check func(ctx context.Context) []Finding
}

// Finding is something that check looked at.
type Finding struct {
	What string // what was looked at
	Mend string // what is wrong and how to mend it; empty when all is well
	Note string // what was found
}

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Plain    bool // no colours, no progress bar: NO_COLOR, or a dumb terminal
}

// Run runs the command that args name and returns the exit code.
func Run(ctx context.Context, args []string, s Settings, io Streams) int {
	name := "onrecord"
	switch {
	case len(args) == 0:
	case !strings.HasPrefix(args[0], "-"):
		name, args = args[0], args[1:]
	case args[0] == "-h" || args[0] == "--help" || args[0] == "-help":
		name, args = "help", nil
	case args[0] == "--version":
		name, args = "version", nil
	}
	cmd := commandNamed(name)
	if cmd == nil {
		fmt.Fprintf(io.Err, "onrecord: there is no command %q. The commands are %s; \"onrecord help\" explains them.\n", name, commandNames())
		return Failed
	}
	j := &job{Settings: s, Streams: io, command: cmd, corpus: s.CorpusDir, data: s.DataDir, limit: 3}
	if code, ok := j.parse(args); !ok {
		return code
	}
	code, err := cmd.run(ctx, j)
	if err != nil {
		fmt.Fprintf(io.Err, "%s: %s\n", cmd.called(), explain(err))
		return Failed
	}
	return code
}

// job is one run of a command: its flags and streams.
type job struct {
	Settings
	Streams
	command *command
	args    []string
	corpus  string
	data    string
	json    bool
	limit   int
	explain bool
	full    bool
	verbose bool
	// dataNamed and corpusNamed say that --data and --corpus were given.
	dataNamed, corpusNamed bool
}

// parse reads the flags. Flags may stand before and behind the arguments.
func (j *job) parse(args []string) (code int, ok bool) {
	flags := flag.NewFlagSet(j.command.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for _, f := range flagTable {
		if strings.Contains(j.command.flags, f.letter) {
			f.define(flags, j)
		}
	}
	defer func() {
		flags.Visit(func(f *flag.Flag) {
			j.dataNamed = j.dataNamed || f.Name == "data"
			j.corpusNamed = j.corpusNamed || f.Name == "corpus"
		})
		j.of(j.corpus)
	}()
	for {
		err := flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(j.Out, j.command.usage())
			return Done, false
		}
		if err != nil {
			fmt.Fprintf(j.Err, "%s: %v. \"%s -h\" lists the flags.\n", j.command.called(), err, j.command.called())
			return Failed, false
		}
		rest := flags.Args()
		if len(rest) == 0 {
			break
		}
		if stopped := len(args) - len(rest); stopped > 0 && args[stopped-1] == "--" {
			j.args = append(j.args, rest...)
			break
		}
		j.args, args = append(j.args, rest[0]), rest[1:]
	}
	if j.limit < 1 || j.limit > 50 {
		fmt.Fprintf(j.Err, "%s: --limit %d: give a number from 1 to 50.\n", j.command.called(), j.limit)
		return Failed, false
	}
	if len(j.args) > 0 && j.command.args == "" {
		fmt.Fprintf(j.Err, "%s: takes no %q. \"%s -h\" shows how it is used.\n", j.command.called(), j.args[0], j.command.called())
		return Failed, false
	}
	return Done, true
}

// of takes a corpus. DATA_DIR belongs to CORPUS_DIR: for another corpus only a
// data folder that was named by hand is meant.
func (j *job) of(corpus string) {
	j.corpus = corpus
	if corpus != j.CorpusDir && !j.dataNamed {
		j.data = ""
	}
}

// flagTable defines the flags; a command names those it takes by letter.
var flagTable = []struct {
	letter, help string
	define       func(*flag.FlagSet, *job)
}{
	{"c", "--corpus DIR   folder of articles (CORPUS_DIR, else the built-in event)", func(f *flag.FlagSet, j *job) { f.StringVar(&j.corpus, "corpus", j.CorpusDir, "") }},
	{"d", "--data DIR     where the index is kept (DATA_DIR, else in memory)", func(f *flag.FlagSet, j *job) { f.StringVar(&j.data, "data", j.DataDir, "") }},
	{"j", "--json         JSON, a line each", func(f *flag.FlagSet, j *job) { f.BoolVar(&j.json, "json", false, "") }},
	{"l", "--limit N      quotes for each question, 1 to 50 (3)", func(f *flag.FlagSet, j *job) { f.IntVar(&j.limit, "limit", 3, "") }},
	{"e", "--explain      with each quote, what decided for it", func(f *flag.FlagSet, j *job) { f.BoolVar(&j.explain, "explain", false, "") }},
	{"v", "--verbose      each question whose first quote is not right", func(f *flag.FlagSet, j *job) { f.BoolVar(&j.verbose, "verbose", false, "") }},
	{"f", "--full         build anew even where nothing changed", func(f *flag.FlagSet, j *job) { f.BoolVar(&j.full, "full", false, "") }},
}

// openCorpus opens the folder of articles that the flags name, or the built-in
// event.
func (j *job) openCorpus() (fs.FS, io.Closer, error) { return OpenCorpus(j.corpus) }

// OpenCorpus opens a folder of articles; the built-in event where dir is
// empty. The error names the folder.
func OpenCorpus(dir string) (fs.FS, io.Closer, error) {
	if dir == "" {
		return corpus.Event(), nil, nil
	}
	fsys, closer, err := corpus.Dir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("the folder of articles %q cannot be opened: %w", dir, plain(err))
	}
	return fsys, closer, nil
}

// plain drops the operation and path from a file error.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// openIndex opens the index over the flags' corpus and tells of what it
// skipped.
func (j *job) openIndex(ctx context.Context) (*index.Index, error) {
	if fsys, closer, err := j.openCorpus(); err == nil && closer != nil {
		_ = fsys
		_ = closer.Close() // it was only looked at
	} else if err != nil && j.corpusNamed {
		return nil, err // named by hand: an older index of it would mislead
	}
	x, err := index.Open(ctx, index.Options{Corpus: j.openCorpus, Dir: j.data, Log: j.Log, Progress: j.progress()})
	if err != nil {
		return nil, err
	}
	for _, s := range x.Report().Skipped {
		fmt.Fprintf(j.Err, "onrecord: %s skipped: %s\n", printable(s.Path), printable(s.Reason))
	}
	return x, nil
}

// explain adds to an error what to do about it.
func explain(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, index.ErrNoArticles):
		return err.Error() + ". Put article files there, or leave --corpus and CORPUS_DIR empty for the built-in event"
	case errors.Is(err, index.ErrReadOnly):
		return err.Error() + ". Stop it, or name another folder with --data"
	case errors.Is(err, index.ErrDataFolder):
		return err.Error() + ". Set DATA_DIR or --data to a folder that can be written"
	}
	return strings.TrimSpace(err.Error())
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
