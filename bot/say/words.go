package say

import "fmt"

// Message is a message of the bot. Those with a verb in their text take the
// arguments named in the comment.
type Message int

// The messages.
const (
	Start       Message = iota // topic
	StartGroup                 //
	Help                       // username
	HelpAdmin                  //
	AskHow                     //
	Nothing                    // topic
	NoText                     //
	Unknown                    //
	Failed                     //
	Sources                    // number of articles
	SourcesMore                // number not shown
	AdminsOnly                 //
	NotForward                 //
	NotAnon                    //
	Reindexing                 //
	ReindexAt                  // done, total
	ReindexBusy                //
	ReindexDone                // what changed
	ReindexFail                // why
	ReindexStop                //
	Status                     // articles, passages, skipped, built, kept, reindexing, uptime, replied to, waiting
)

// words holds every message by language. English has all of them and stands in
// for what another lacks.
var words = map[string]map[Message]string{
	"en": {
		Start: "I answer questions about one news event with quotes from the articles I have read, word for word and with their source. " +
			"I never make anything up: what is not on record, I say so.\n\n%s\n\nJust ask me a question. /help tells more.",
		StartGroup: "I answer questions with quotes from the articles I have read, word for word. Ask with /ask and your question, or reply to one of my messages. Otherwise I keep quiet.",
		Help: "Ask me anything about the event; I reply with who said it, word for word, and where it was published.\n\n" +
			"In a group: /ask and your question, @%s in it, or a reply to one of my messages. /ask in reply to somebody's message looks up that message.\n\n" +
			"/sources lists the articles I have read.",
		HelpAdmin:   "\n\nFor you as an admin: /reindex reads the articles again, /status shows how I am.",
		AskHow:      "What would you like to know? Write it behind the command: /ask Who denied it?",
		Nothing:     "Nothing on record about that. %s",
		NoText:      "I can only read text. Ask me a question in words.",
		Unknown:     "I don't know that command. Just ask a question; /help tells more.",
		Failed:      "Sorry, I could not look that up just now. Please ask again in a moment.",
		Sources:     "%s on record:",
		SourcesMore: "… and %d more",
		AdminsOnly:  "Only my operator's admins can do that. You can ask me anything about the event, though.",
		NotForward:  "I don't take commands from forwarded messages. Send it yourself, please.",
		NotAnon:     "I can't see who you are while you write as the group. Send it to me in private, please.",
		Reindexing:  "Reading the articles again …",
		ReindexAt:   "Reading the articles again … %d of %d",
		ReindexBusy: "A reindex is already running. /status shows when it is done.",
		ReindexDone: "Done: %s",
		ReindexFail: "The articles could not be read again, so the old record stays: %s",
		ReindexStop: "I was stopped before the reindex was done; the old record stays. Send /reindex again.",
		Status:      "%s, %s on record, %s skipped.\nRead %s, kept %s.%s\nUp %s, %s replied to, %d waiting.",
	},
}

// Text returns a message in a language, English where there is none, with its
// arguments filled in.
func Text(lang string, m Message, args ...any) string {
	text, ok := words[lang][m]
	if !ok {
		text = words["en"][m]
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// commandHelp describes the commands for Telegram's menu, by language.
var commandHelp = map[string]map[string]string{
	"en": {
		"ask":     "ask a question: /ask Who denied it?",
		"help":    "how to ask",
		"sources": "the articles on record",
		"start":   "what I am for",
		"reindex": "read the articles again",
		"status":  "how I am",
	},
}

// CommandHelp returns the description of a command, or "".
func CommandHelp(lang, command string) string {
	if d := commandHelp[lang][command]; d != "" {
		return d
	}
	return commandHelp["en"][command]
}
