package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Reference returns the page docs/commands.md: every command with its arguments, flags and exit
// codes, made from what the program parses.
func Reference() (string, error) {
	k, err := newEnv(nil, io.Discard, io.Discard).kong(&grammar{})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Commands\n\n")
	b.WriteString("This page is generated from the program; `tierdesk help COMMAND` prints the same.\n\n")
	b.WriteString(`Output is meant for people: tables, with colour on a terminal only (and never if NO_COLOR is set). ` + "`--json`" + ` prints the same for programs; its fields are
stable. Errors go to standard error, with a hint about what to do. The desk folder is the one named by ` + "`-C DIR`" + ` or ` + "`TIERDESK_DESK`" + `, or else the current
directory.

| exit code | meaning |
| --- | --- |
| 0 | all is well |
| 1 | there is a finding or a fault in the files, or something did not work |
| 2 | the command line is wrong |
| 65 | deliver: the input is not a mail |
| 75 | deliver: not now, try again later |
| 130 | stopped by a signal before it was done |
`)
	for _, g := range groups() {
		fmt.Fprintf(&b, "\n## %s\n", g.Title)
		for _, n := range k.Model.Children {
			if n.Group != nil && n.Group.Key == g.Key {
				describe(&b, n)
			}
		}
	}
	return b.String(), nil
}

// describe writes a command and those below it.
func describe(b *strings.Builder, n *kong.Node) {
	if len(n.Children) > 0 {
		for _, c := range n.Children {
			describe(b, c)
		}
		return
	}
	fmt.Fprintf(b, "\n### %s\n\n", strings.TrimSpace(n.FullPath()))
	fmt.Fprintf(b, "    tierdesk %s\n\n%s\n", n.Summary(), n.Help)
	if n.Detail != "" {
		fmt.Fprintf(b, "\n%s\n", n.Detail)
	}
	var rows [][2]string
	for _, p := range n.Positional {
		rows = append(rows, [2]string{p.Summary(), p.Help})
	}
	for _, f := range n.Flags {
		name := "--" + f.Name
		if !f.IsBool() {
			name += "=" + f.FormatPlaceHolder()
		}
		if f.Short != 0 {
			name = "-" + string(f.Short) + ", " + name
		}
		help := f.Help
		for _, env := range f.Envs {
			help += " Else $" + env + "."
		}
		rows = append(rows, [2]string{name, help})
	}
	if len(rows) == 0 {
		return
	}
	b.WriteString("\n| | |\n| --- | --- |\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| `%s` | %s |\n", strings.ReplaceAll(r[0], "|", "\\|"), strings.ReplaceAll(r[1], "|", "\\|"))
	}
}
