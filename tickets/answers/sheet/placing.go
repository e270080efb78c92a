package sheet

// Place returns for each text the question that it answers in every way of giving the most of them
// a question, in their order; -1 where there are several ways or none. fits says what each text can
// answer.
func Place(fits [][]bool) []int {
	out := make([]int, len(fits))
	for i := range out {
		out[i] = -1
	}
	if len(fits) == 0 {
		return out
	}
	most := mostPlaced(fits)
	places := onePlacing(fits, most)
	for i, k := range places {
		if k < 0 {
			continue
		}
		fits[i][k] = false // is there another way?
		if mostPlaced(fits)[0][0] < most[0][0] {
			out[i] = k
		}
		fits[i][k] = true
	}
	return out
}

// mostPlaced returns how many of the texts from one on can answer the questions from another on.
func mostPlaced(fits [][]bool) [][]int {
	most := make([][]int, len(fits)+1)
	most[len(fits)] = make([]int, len(fits[0])+1)
	for i := len(fits) - 1; i >= 0; i-- {
		most[i] = make([]int, len(fits[0])+1)
		for k := len(fits[0]) - 1; k >= 0; k-- {
			most[i][k] = max(most[i+1][k], most[i][k+1])
			if fits[i][k] {
				most[i][k] = max(most[i][k], 1+most[i+1][k+1])
			}
		}
	}
	return most
}

// onePlacing returns one way of placing the most texts.
func onePlacing(fits [][]bool, most [][]int) []int {
	out := make([]int, len(fits))
	k := 0
	for i := range fits {
		out[i] = -1
		for at := k; at < len(fits[i]) && out[i] < 0; at++ {
			if most[i][at] < most[i][k] {
				break
			}
			if fits[i][at] && 1+most[i+1][at+1] == most[i][k] {
				out[i], k = at, at+1
			}
		}
	}
	return out
}
