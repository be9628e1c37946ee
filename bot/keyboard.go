package bot

import (
	"net/url"
	"strings"

	"github.com/go-telegram/bot/models"
)

// keyboard is the rows of buttons under a message. A nil one leaves a message
// without buttons.
type keyboard [][]button

// button opens an address or, pressed, comes back as a press with its data.
type button struct{ text, url, data string }

// mostData is how long the data of a button may be, in bytes.
const mostData = 64

// row returns the buttons that can be pressed: those with data that fits or
// an address that Telegram takes.
func row(buttons ...button) []button {
	var out []button
	for _, b := range buttons {
		if b.text != "" && (b.data != "" && len(b.data) <= mostData || linkable(b.url)) {
			out = append(out, b)
		}
	}
	return out
}

// rows returns a keyboard of the rows that have buttons, nil where none has.
func rows(all ...[]button) keyboard {
	var k keyboard
	for _, r := range all {
		if len(r) > 0 {
			k = append(k, r)
		}
	}
	return k
}

// markup turns a keyboard into what Telegram takes. Nothing must stay nil in
// it: that would leave the buttons of an edited message as they were.
func (k keyboard) markup() models.InlineKeyboardMarkup {
	out := models.InlineKeyboardMarkup{InlineKeyboard: make([][]models.InlineKeyboardButton, 0, len(k))}
	for _, r := range k {
		line := make([]models.InlineKeyboardButton, 0, len(r))
		for _, b := range r {
			line = append(line, models.InlineKeyboardButton{Text: b.text, URL: b.url, CallbackData: b.data})
		}
		out.InlineKeyboard = append(out.InlineKeyboard, line)
	}
	return out
}

// linkable reports whether Telegram takes an address as a link: http or https,
// with a host that has a dot, and no longer than a message bears.
func linkable(address string) bool {
	if address == "" || len(address) > longestURL || strings.ContainsAny(address, " \t\r\n<>\"") {
		return false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return false
	}
	host := u.Hostname()
	return strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(host, "[]:%")
}

// fitting returns an address that Telegram takes, without its text fragment
// where it is too long with it, or "".
func fitting(address string) string {
	if base, _, found := strings.Cut(address, "#:~:"); found && len(address) > longestURL {
		address = base // the page, if not the quote on it
	}
	if !linkable(address) {
		return ""
	}
	return address
}
