package cli

import (
	"context"
	"fmt"
	"strings"
)

// command is one command. A new one is a line in the table and a file with its
// run function.
type command struct {
	name  string
	args  string // how its arguments are called in help; empty for none
	flags string // letters of the flags it takes
	short string // one line for help
	long  string // what -h adds
	run   func(ctx context.Context, j *job) (int, error)
}

// commands is filled at start: help reads the table that holds it.
var commands []command

func init() {
	commands = []command{
		{"onrecord", "", "cdjl", "the Telegram bot with TELEGRAM_BOT_TOKEN, else a conversation here", "A line in, an answer out; works with a pipe too.", runDefault},
		{"ask", "[QUESTION]", "cdjle", "answers one question, or one a line from standard input", "A line may also be {\"question\":\"…\",\"after\":\"the question before it\"}.\nExit: 0 answered, 1 nothing on record, 2 failure.", runAsk},
		{"read", "FILE…", "j", "shows what is read from files or folders", "Source, paragraphs, and statements with their speakers.", runRead},
		{"index", "", "cdjlf", "builds or refreshes the index and prints what changed", "Without DATA_DIR everything is read and reported, and nothing written.", runIndex},
		{"eval", "QUESTIONS.jsonl", "cdjlv", "measures the answers against gold", "The corpus is --corpus or CORPUS_DIR, else the folder articles beside the file.", runEval},
		{"check", "", "cdjl", "says what is wrong with settings, token, articles and index", "Exit: 0 all is well, 1 something to mend.", runCheck},
		{"version", "", "", "prints the version", "", runVersion},
		{"help", "[COMMAND]", "", "prints this", "", runHelp},
	}
}

func commandNamed(name string) *command {
	for i := range commands {
		if commands[i].name == name {
			return &commands[i]
		}
	}
	return nil
}

func commandNames() string {
	var names []string
	for _, c := range commands[1:] {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// called is how a user calls the command.
func (c *command) called() string {
	if c.name == "onrecord" {
		return c.name
	}
	return "onrecord " + c.name
}

// usage is what -h prints: one screen.
func (c *command) usage() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s", c.called())
	if c.flags != "" {
		b.WriteString(" [flags]")
	}
	if c.args != "" {
		b.WriteString(" " + c.args)
	}
	fmt.Fprintf(&b, "\n\n%s.\n", strings.ToUpper(c.short[:1])+c.short[1:])
	if c.long != "" {
		b.WriteString(c.long + "\n")
	}
	if c.flags != "" {
		b.WriteString("\nflags:\n")
		for _, f := range flagTable {
			if strings.Contains(c.flags, f.letter) {
				b.WriteString("  " + f.help + "\n")
			}
		}
	}
	return b.String()
}

func runHelp(_ context.Context, j *job) (int, error) {
	if len(j.args) > 0 {
		cmd := commandNamed(j.args[0])
		if cmd == nil {
			return Failed, fmt.Errorf("there is no command %q; the commands are %s", j.args[0], commandNames())
		}
		fmt.Fprint(j.Out, cmd.usage())
		return Done, nil
	}
	fmt.Fprint(j.Out, "On Record answers questions about a news event with quotes, word for word,\neach with its source.\n\nusage: onrecord [COMMAND] [flags] [arguments]\n\n")
	for _, c := range commands {
		name := c.name
		if name == "onrecord" {
			name = "(none)"
		}
		fmt.Fprintf(j.Out, "  %-8s %s\n", name, c.short)
	}
	fmt.Fprint(j.Out, "\n\"onrecord COMMAND -h\" lists a command's flags. Settings come from the environment\nor a file .env; .env.example explains them. Only the bot needs a token.\n")
	return Done, nil
}

func runVersion(_ context.Context, j *job) (int, error) {
	fmt.Fprintln(j.Out, "onrecord", j.Version)
	return Done, nil
}
