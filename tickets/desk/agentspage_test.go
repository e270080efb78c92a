package desk

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tierdesk/tickets/commands"
)

var update = flag.Bool("update", false, "write docs/agents.md anew")

// docs/agents.md is made from the table of commands.
func TestAgentsPage(t *testing.T) {
	file, want := filepath.Join("..", "..", "docs", "agents.md"), agentsPage(t)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if now, _ := os.ReadFile(file); string(now) != want {
		t.Errorf("%s is stale: go test ./tickets/desk -run TestAgentsPage -update", file)
	}
	// What the README shows first is there.
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "## What agents type")
	shown, _, _ = strings.Cut(shown, "\n## ")
	n := 0
	for line := range strings.Lines(shown) {
		word, found := strings.CutPrefix(line, "| `/")
		if !found {
			continue
		}
		n++
		word = strings.FieldsFunc(word, func(r rune) bool { return r == ' ' || r == '`' })[0]
		if !slices.Contains(Commands(), commands.Name(word)) {
			t.Errorf("README.md shows /%s, which the desk does not have", word)
		}
	}
	if n != 10 {
		t.Errorf("README.md shows %d commands, wanted 10", n)
	}
}

func agentsPage(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# What agents type

A page for a new colleague. You need nothing but your mail program: the desk tells you by mail what happens, and you answer that mail.

- **Your text is the answer.** Reply to a notice, and the customer gets your words: without the quoted mail, your signature and your address. The notice says to whom your reply goes.
- **Commands stand at the top**, one a line, before any other text. ` + "`/take`, `#take` and `@take`" + ` are the same, and a beginning will do: ` + "`/esc`" + ` is ` + "`/escalate`" + `. A mail of commands alone posts nothing.
- **` + "`/note`" + ` keeps your text internal.** Colleagues read it, customers never.
- **In doubt nothing is sent.** A misspelt command or one without its slash, a text beside a command that cannot be carried out, a mail that the desk does not fully understand, or an answer that crosses a colleague's: you get it back with the reason. Reply ` + "`/send`" + ` if you meant it, ` + "`/drop`" + ` if not, or write it again.
- **What you write to a customer yourself counts.** Put the desk in Cc: the customer's ticket is opened for you, or your mail becomes its answer, and nothing is sent to them again.
- **A receipt** tells you what your commands did, and what they did not and why.
- **Links in a notice are buttons**: "Take it" does what ` + "`/take`" + ` does. What stands in the mail that opens does not matter, unless it is a note.
- **Several words are one in quotes**: ` + "`/assign \"Bob Brown\"`" + `. You are ` + "`me`" + `.

`)
	for _, c := range capabilities(Settings{}, nil) {
		if len(c.commands) == 0 {
			continue
		}
		fmt.Fprintf(&b, "## %s\n\n| type | what it does |\n| --- | --- |\n", c.title)
		for _, row := range c.commands {
			spec, found := commands.Lookup(row.Name)
			if !found {
				t.Fatalf("/%s is no word of the language", row.Name)
			}
			fmt.Fprintf(&b, "| `%s`%s | %s |\n", strings.ReplaceAll(spec.Usage(), "|", "\\|"), marks(spec.Others, row.Proof || row.ProofOf != nil, row.Right), row.Help.English())
		}
		b.WriteString("\n")
	}
	b.WriteString(`¹ Also for other tickets, by their numbers at the end of the line: ` + "`/close 12 13`, `/assign bob 12`, `/snooze 2d #12`" + `. Then they may stand in a new mail to the desk, too. Your mail server has to vouch for you, or
you are asked whether the mail was yours.

² Your mail server has to vouch for you: a reply address alone is not enough. Else the mail is held until you say that it was yours. Of ` + "`/problem`" + ` this
holds where it names a state, of ` + "`/reviewed`" + ` where there is a new text.

³ For those whom the admin has given the right (` + "`rights:` in [people.yaml](configuration.md)" + `), if anybody was.
`)
	return b.String()
}

// marks are the footnotes of a command.
func marks(others commands.Others, proof bool, right string) string {
	out := ""
	if others != commands.NoOthers {
		out += " ¹"
	}
	if proof {
		out += " ²"
	}
	if right != "" {
		out += " ³"
	}
	return out
}
