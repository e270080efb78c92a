package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"tierdesk/cmd/internal/testing/servers"
)

// fullFolder is the desk folder of -full, which has every capability configured: a template for
// tierdesk.yaml, files as they are, and topics.txt, from which articles are made.
//
//go:embed all:full
var fullFolder embed.FS

// writeFull writes the desk folder in which every capability is configured.
func writeFull(dir, database, imap, user, smtp string) error {
	root, err := fs.Sub(fullFolder, "full")
	if err != nil {
		return err
	}
	if err := write(dir, "secret", servers.Password); err != nil {
		return err
	}
	return fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		switch path {
		case "topics.txt":
			return writeArticles(dir, string(text))
		case "tierdesk.yaml":
			main, err := template.New(path).Parse(string(text))
			if err != nil {
				return err
			}
			var out strings.Builder
			facts := struct{ Database, Address, IMAP, User, SMTP string }{database, address, imap, user, smtp}
			if err := main.Execute(&out, facts); err != nil {
				return err
			}
			return write(dir, path, out.String())
		}
		return write(dir, path, string(text))
	})
}

// shared is the number of common sentences of its language in an article.
const shared = 4

// writeArticles makes the articles of the knowledge base: the text of each in full/topics.txt,
// between sentences that several articles share.
func writeArticles(dir, topics string) error {
	sentences, made := map[string][]string{}, 0
	for line := range strings.Lines(topics) {
		line = strings.TrimSpace(line)
		if common, found := strings.CutPrefix(line, "* "); found {
			language, sentence, _ := strings.Cut(common, " ")
			sentences[language] = append(sentences[language], sentence)
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, " | ")
		if len(f) != 6 {
			return fmt.Errorf("topics.txt: %q has %d fields of 6", line, len(f))
		}
		name, language, title, tags := f[0], f[2], f[3], f[4]
		var text strings.Builder
		fmt.Fprintf(&text, "---\ntitle: %q\npublic: %v\nlanguage: %s\ntags: [%s]\n", title, f[1] == "public", language, tags)
		if made%4 == 0 {
			text.WriteString("owner: eve\nreview: 6 months\n")
		}
		text.WriteString("---\n\n")
		common := sentences[language]
		for i := range shared / 2 {
			text.WriteString(common[(made+i)%len(common)] + "\n")
		}
		text.WriteString("\n")
		for i, step := range strings.Split(f[5], "; ") {
			fmt.Fprintf(&text, "%d. %s.\n", i+1, step)
		}
		text.WriteString("\n")
		for i := shared / 2; i < shared; i++ {
			text.WriteString(common[(made+i)%len(common)] + "\n")
		}
		if err := write(dir, filepath.Join("kb", name+"."+language+".md"), text.String()); err != nil {
			return err
		}
		made++
	}
	return nil
}

// write writes a file of a desk folder.
func write(dir, name, text string) error {
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}
