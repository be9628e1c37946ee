package bot

import (
	"context"
	"slices"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onrecord/bot/say"
)

// menu is a list of commands that Telegram suggests in some chats.
type menu struct {
	scope models.BotCommandScope
	shows func(scope) bool
}

// setProfile tells Telegram what the bot is and which commands to suggest, in
// every language. What is set already is left alone: these methods are
// narrowly limited. Without it the bot works as well.
func (b *Bot) setProfile(ctx context.Context) {
	for _, lang := range say.Languages() {
		code := lang
		if code == say.English {
			code = "" // for everybody whose language the bot does not speak
		}
		for _, m := range b.menus() {
			b.setting(ctx, "commands", func(ctx context.Context) error { return b.setMenu(ctx, m, lang, code) })
		}
		b.setting(ctx, "description", func(ctx context.Context) error {
			now, err := b.api.GetMyDescription(ctx, &tg.GetMyDescriptionParams{LanguageCode: code})
			if want := say.Text(lang, say.Description); err != nil || now.Description != want {
				_, err = b.api.SetMyDescription(ctx, &tg.SetMyDescriptionParams{Description: want, LanguageCode: code})
			}
			return err
		})
		b.setting(ctx, "short description", func(ctx context.Context) error {
			now, err := b.api.GetMyShortDescription(ctx, &tg.GetMyShortDescriptionParams{LanguageCode: code})
			if want := say.Text(lang, say.ShortDescription); err != nil || now.ShortDescription != want {
				_, err = b.api.SetMyShortDescription(ctx, &tg.SetMyShortDescriptionParams{ShortDescription: want, LanguageCode: code})
			}
			return err
		})
	}
}

// setting sets one thing. That it fails is logged.
func (b *Bot) setting(ctx context.Context, what string, set func(context.Context) error) {
	if ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	err := set(ctx)
	switch {
	case err == nil || ctx.Err() != nil:
	case unwelcome(err): // an admin who has not written to the bot yet
		b.log.Debug("the bot's "+what+" could not be set", "error", brief(err, b.token))
	default:
		b.log.Warn("the bot's "+what+" could not be set", "error", brief(err, b.token))
	}
}

// menus are the lists of commands: in private chats, in groups, and for the
// admins in their own chats.
func (b *Bot) menus() []menu {
	out := []menu{
		{&models.BotCommandScopeAllPrivateChats{}, func(s scope) bool { return s != forAdmins }},
		{&models.BotCommandScopeAllGroupChats{}, func(s scope) bool { return s == everywhere }},
	}
	for id := range b.admins {
		out = append(out, menu{&models.BotCommandScopeChat{ChatID: id}, func(scope) bool { return true }})
	}
	return out
}

func (b *Bot) setMenu(ctx context.Context, m menu, lang, code string) error {
	var want []models.BotCommand
	for _, c := range commandTable {
		if m.shows(c.in) {
			want = append(want, models.BotCommand{Command: c.name, Description: say.CommandHelp(lang, c.name)})
		}
	}
	now, err := b.api.GetMyCommands(ctx, &tg.GetMyCommandsParams{Scope: m.scope, LanguageCode: code})
	if err == nil && slices.Equal(now, want) {
		return nil
	}
	_, err = b.api.SetMyCommands(ctx, &tg.SetMyCommandsParams{Commands: want, Scope: m.scope, LanguageCode: code})
	return err
}
