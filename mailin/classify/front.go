package classify

import (
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
	low := wordset.Lower(buffer[:0], front)
	return hint(hintStems().Bits(appendUnwrapped(low[:0], low)))
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
