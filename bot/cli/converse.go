package cli

import (
	"context"
	"fmt"
	"strings"

	"onrecord/bot/say"
)

// runDefault runs the Telegram bot where there is a token, and a conversation
// in the terminal where there is none.
func runDefault(ctx context.Context, j *job) (int, error) {
	if j.Serve != nil {
		s := j.Settings
		s.CorpusDir, s.DataDir = j.corpus, j.data
		return Done, j.Serve(ctx, s)
	}
	fmt.Fprintln(j.Err, "No TELEGRAM_BOT_TOKEN, so we talk here; with a token from @BotFather in .env I go live in Telegram.")
	x, err := j.openIndex(ctx)
	if err != nil {
		return Failed, err
	}
	defer closeIndex(j, x)
	topic := say.Topic(say.English, x)
	if isTerminal(j.In) {
		fmt.Fprintf(j.Err, "%s Ask away; end with Ctrl-D.\n\n", topic)
	}
	before := ""
	prompt := func() {
		if isTerminal(j.In) {
			fmt.Fprint(j.Err, "> ")
		}
	}
	prompt()
	err = eachLine(ctx, j.In, func(line string) error {
		defer prompt()
		if strings.TrimSpace(line) == "" {
			return nil
		}
		answer, err := x.Ask(ctx, j.question(line, before))
		if err != nil {
			return err
		}
		before = line
		return j.print(answer, topic)
	})
	return Done, err
}
