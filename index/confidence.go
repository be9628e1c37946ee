package index

import "math"

// What tells whether the answer is on record at all: how the best passage and
// the best window fare, how far ahead they are, and what of the question they
// lack.

// recordInputs names the inputs of the model that decides.
func recordInputs() []string {
	return append(append([]string{
		"par.1", "par.margin", "par.chance", "win.chance", "max.cov", "max.bms", "unfound", "unfound.name", "concepts", "type.miss", "type.far",
		"asks.yesno", "asks.what", "asks.typed", "asks.figure", "asks.statement", "foreign", "follows", "any.joint", "any.figure", "any.said",
	}, prefixed("P.", recordFeatures)...), append(prefixed("W.", recordFeatures), prefixed("S.", recordFeatures)...)...)
}

var recordFeatures = []string{"covE", "cov", "covc", "bms", "nameM", "numM", "headM", "missmax", "all", "prox", "order", "bigram", "char4", "context", "heading",
	"covb", "plain", "joint", "bgmiss", "fig", "figM", "at.person", "at.place", "split", "opposite", "limitM", "said.cov", "negated", "rel", "covr", "covbr", "missr", "defines"}

// recordVector fills the inputs of the on-record model.
func recordVector(k *ranking, windows []window) []float64 {
	best := windows[0]
	whole := k.inputs[best.rank].whole
	x := make([]float64, 0, len(recordInputs()))
	second := k.passages[0].logit - 4
	if len(k.passages) > 1 {
		second = k.passages[1].logit
	}
	maxCov, maxBms := 0.0, 0.0
	for i := range k.inputs {
		maxCov = math.Max(maxCov, k.inputs[i].whole[featureAt["cov"]])
		maxBms = math.Max(maxBms, k.inputs[i].whole[featureAt["bms"]])
	}
	missing, missingName, total := 0.0, 0.0, 1e-9
	for _, c := range k.q.concepts {
		w := c.weight * c.idf
		total += w
		if !c.found {
			missing += w
			missingName += w * indicator(c.name || c.number)
		}
	}
	typed := k.q.asks == asksNumber || k.q.asks == asksWhen || k.q.asks == asksWho || k.q.asks == asksWhere || k.q.asks == asksWhy || k.q.asks == asksSpeaker
	hasType, bestHasType := 0.0, 0.0
	answering := k.inputs[best.rank].own[best.best]
	window := make([]float64, len(unitFeatures)) // the best of each feature in the window
	for i := range window {
		window[i] = math.Inf(-1)
	}
	for j := best.from; j < best.to; j++ {
		for i, v := range k.inputs[best.rank].own[j] {
			if lowerIsBetter[unitFeatures[i].name] {
				v = -v
			}
			window[i] = math.Max(window[i], v)
		}
	}
	for i := range window {
		if lowerIsBetter[unitFeatures[i].name] {
			window[i] = -window[i]
		}
	}
	for _, name := range []string{"at.num", "at.when", "at.who", "at.where", "at.why", "said"} {
		hasType = math.Max(hasType, window[featureAt[name]])
		bestHasType = math.Max(bestHasType, answering[featureAt[name]])
	}
	x = append(x, k.passages[0].logit, k.passages[0].logit-second, k.chances[0], best.chance, maxCov, maxBms,
		missing/total, missingName/total, math.Min(2, float64(len(k.q.concepts))/5), indicator(typed && hasType == 0), indicator(typed && bestHasType == 0),
		indicator(k.q.asks == asksYesNo), indicator(k.q.asks == asksWhat || k.q.asks == asksHow), indicator(typed),
		indicator(k.q.figure != ""), indicator(k.q.asks == asksStatement), indicator(k.q.lang != k.passages[best.rank].meta.Language), indicator(k.q.thread != nil))
	joint, figure, said := 0.0, 0.0, 0.0 // the best that any one sentence has of all the question wants
	for i := range k.competing() {
		for _, f := range k.inputs[i].own {
			joint = math.Max(joint, f[featureAt["joint"]])
			figure = math.Max(figure, math.Min(f[featureAt["joint"]], f[featureAt["fig"]]))
			said = math.Max(said, f[featureAt["said.cov"]])
		}
	}
	x = append(x, joint, figure, said)
	for _, name := range recordFeatures {
		x = append(x, whole[featureAt[name]])
	}
	for _, name := range recordFeatures {
		x = append(x, window[featureAt[name]])
	}
	for _, name := range recordFeatures {
		x = append(x, answering[featureAt[name]])
	}
	return x
}

var lowerIsBetter = map[string]bool{"nameM": true, "numM": true, "headM": true, "missmax": true, "bgmiss": true, "figM": true, "split": true, "opposite": true, "limitM": true, "missr": true}

// confidence is the chance that the answer is on record.
func (m *ranker) confidence(k *ranking, windows []window) float64 {
	if len(windows) == 0 {
		return 0
	}
	return logistic(m.OnRecord.Score(recordVector(k, windows)))
}
