package classify

import (
	"bytes"
	"sync"

	"tierdesk/mailin/internal/wordset"
)

// maxFront is how much of the reply is looked at for sentences of machines, in octets.
const maxFront = 1500

// hint says that a text may hold a sentence of a kind, since it holds a word that such sentences
// need. Most mails have none, and so no expression is tried on them.
type hint uint16

const (
	ofMachine hint = 1 << iota // autoTextSure or generatedText
	ofReceipt
	ofRecall
	ofListServer
	ofDesk
	ofThanks // thanksAway
	ofAbsence
	ofLeaving
)

// hintsIn finds all hints in a front in one pass, also where a sentence goes on on the next line.
func hintsIn(front string) hint {
	var buffer [maxFront]byte
	return hint(hintStems().Bits(unwrappedInPlace(wordset.Lower(buffer[:0], front))))
}

// unwrappedInPlace is unwrapped for a text that may be changed. Of most texts only the breaks of
// lines have to be.
func unwrappedInPlace(text []byte) []byte {
	for _, more := range []string{"  ", " \n", "\n ", "\t", "\r"} {
		if bytes.Contains(text, []byte(more)) {
			return appendUnwrapped(text[:0], text)
		}
	}
	for i := 0; ; {
		n := bytes.IndexByte(text[i:], '\n')
		if n < 0 {
			return text
		}
		i += n + 1
		switch {
		case i == len(text) || text[i] != '\n':
			text[i-1] = ' '
		default: // a paragraph ends
			for i < len(text) && text[i] == '\n' {
				i++
			}
		}
	}
}

var hintStems = sync.OnceValue(func() *wordset.Stems {
	all := &wordset.Stems{}
	for _, one := range []struct {
		hint  hint
		stems []*wordset.Stems
	}{
		{ofMachine, []*wordset.Stems{autoTextSure.stems, generatedText.stems}},
		{ofReceipt, []*wordset.Stems{receipts.stems}},
		{ofRecall, []*wordset.Stems{recalls.stems}},
		{ofListServer, []*wordset.Stems{listServers.stems}},
		{ofDesk, []*wordset.Stems{acknowledges.stems}},
		{ofThanks, []*wordset.Stems{thanksAway.stems}},
		{ofAbsence, []*wordset.Stems{away.stems}},
		{ofLeaving, left.Stems()},
	} {
		for _, stems := range one.stems {
			all.AddAll(stems, uint16(one.hint))
		}
	}
	return all
})
