package articles

// maxStems is the maximum number of stems kept for the next question.
const maxStems = 20_000

// stems caches the results of stem: the words of a question are looked up in each language, and
// most words are common to many questions. It serves one question at a time.
type stems struct {
	known map[string]map[string]string // by language and word
	count int
}

func newStems() *stems { return &stems{known: map[string]map[string]string{}} }

// of returns the stem of a word.
func (s *stems) of(word, language string) string {
	in := s.known[language]
	if found, known := in[word]; known {
		return found
	}
	if in == nil {
		in = map[string]string{}
		s.known[language] = in
	}
	made := stem(word, language)
	in[word] = made
	s.count++
	return made
}

// borrow returns stems for the use of one question.
func (x *Index) borrow() *stems {
	if s, ok := x.stems.Get().(*stems); ok {
		return s
	}
	return newStems()
}

// giveBack keeps stems for the next question, unless there are too many of them.
func (x *Index) giveBack(s *stems) {
	if s.count < maxStems {
		x.stems.Put(s)
	}
}
