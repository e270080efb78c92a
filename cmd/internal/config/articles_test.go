package config

import (
	"bufio"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"tierdesk/tickets/articles"
)

// labelled are questions with the articles that answer them, written by several people (testdata/README.md of package articles).
const labelled = "../../../tickets/articles/testdata"

// score returns for how many of the questions that have an answer the right article is among the first three that are offered, for how many of those that have
// none nothing is, and for how many the right one is among the first three without regard to the score; in percent.
func score(t *testing.T, x *articles.Index, file string) (right, none, ranked float64) {
	t.Helper()
	f, err := os.Open(filepath.Join(labelled, file))
	must(t, err)
	defer f.Close()
	answered, unanswered := 0.0, 0.0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var q struct {
			Language, Subject, Text string
			Articles                []string
		}
		must(t, json.Unmarshal(lines.Bytes(), &q))
		ask := articles.Question{Subject: q.Subject, Text: q.Text, Language: q.Language}
		offered := func() []articles.Found {
			public, _ := x.Suggest(ask)
			return public
		}
		hit := func() bool {
			return slices.ContainsFunc(offered(), func(f articles.Found) bool { return slices.Contains(q.Articles, path.Base(f.File)) })
		}
		if len(q.Articles) == 0 {
			if unanswered++; len(offered()) == 0 {
				none++
			}
			continue
		}
		answered++
		if hit() {
			right++
		}
		if ask.Any = true; hit() {
			ranked++
		}
	}
	return 100 * right / answered, 100 * none / unanswered, 100 * ranked / answered
}

// The articles and the scores are those that the daemon has: read from a desk folder.
func TestArticlesAnswerQuestions(t *testing.T) {
	libraries := map[string]*articles.Index{}
	for _, folder := range []string{"articles", "utility/articles"} {
		dir := t.TempDir()
		copyDir(t, dir, "testdata/base")
		must(t, os.MkdirAll(filepath.Join(dir, "kb"), 0o755))
		copyDir(t, filepath.Join(dir, "kb"), filepath.Join(labelled, folder))
		d, err := Load(t.Context(), dir)
		must(t, err)
		libraries[folder] = d.Articles
	}
	for _, c := range []struct {
		folder, file        string
		right, none, ranked float64
	}{
		{"articles", "dev.jsonl", 83, 95, 98},    // these five were known when the vocabulary was written, so their figures flatter
		{"articles", "plain.jsonl", 91, 95, 99},  // what people mostly ask
		{"articles", "hidden.jsonl", 75, 95, 97}, // hard
		{"articles", "unseen.jsonl", 88, 80, 96},
		{"articles", "more.jsonl", 87, 89, 98},                      // by who wrote the vocabulary, each part before it was widened
		{"articles", "fresh.jsonl", 81, 70, 91},                     // never looked at; 58.9, 70.0 and 67.8 when it was first asked (decision 0034)
		{"utility/articles", "utility/questions.jsonl", 67, 92, 90}, // 58.8, 97.5 and 90.0 when it was first asked (decision 0041)
	} {
		right, none, ranked := score(t, libraries[c.folder], c.file)
		t.Logf("%s: right %.1f %%, none %.1f %%; in the first three whatever the score %.1f %%", c.file, right, none, ranked)
		if right < c.right || none < c.none || ranked < c.ranked {
			t.Errorf("%s: at least %v %%, %v %% and %v %% are wanted", c.file, c.right, c.none, c.ranked)
		}
	}
}
