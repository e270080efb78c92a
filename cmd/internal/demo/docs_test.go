package demo

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The commands and links that a newcomer reads exist.
func TestTheReadmeIsTrue(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	program := filepath.Join(t.TempDir(), "tierdesk")
	build := exec.Command("go", "build", "-o", program, "./cmd/tierdesk")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	command := regexp.MustCompile("(?m)(?:^|[`/])tierdesk ((?:[a-z]+ )?[a-z]+)((?: +(?:-[-a-zA-Z]+|[^\\s`#]+))*)")
	link := regexp.MustCompile(`\]\(([^):]+)\)`)
	known, found := map[string]bool{}, 0
	for _, page := range []string{"README.md", "docs/running.md"} {
		content, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(content), -1) {
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s points at %s, which is not there", page, m[1])
			}
		}
		for _, m := range command.FindAllStringSubmatch(string(content), -1) {
			found++
			words := strings.Fields(m[1])
			if len(words) == 2 && !known[m[1]] && !helps(program, words...) {
				words = words[:1] // the second word is an argument
			}
			name := strings.Join(words, " ")
			if !known[name] && !helps(program, words...) {
				t.Errorf("%s names `tierdesk %s`, which is no command", page, name)
			}
			known[name] = true
			help, err := exec.Command(program, append(words, "--help")...).CombinedOutput()
			if err != nil {
				t.Errorf("tierdesk %s --help: %v", name, err)
			}
			for _, flag := range regexp.MustCompile(`--[a-z-]+`).FindAllString(m[2], -1) {
				if !strings.Contains(string(help), flag) {
					t.Errorf("%s: tierdesk %s has no flag %s", page, name, flag)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d commands were found: the pages are not read rightly", found)
	}
}

func helps(program string, words ...string) bool {
	return exec.Command(program, append([]string{"help"}, words...)...).Run() == nil
}
