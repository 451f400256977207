import Findings

extension LoadedStage {
    /// Checks that the answer to the card's test input is what the card's `output` says it is.
    ///
    /// - Throws: ``PipelineError`` of kind `unverified`.
    func checkTestOutput() throws(PipelineError) {
        let card = model.card
        if card.task == .embedding { return }
        let outputs = try model.testOutputs()
        let output = outputs[0]
        let answers = outputs.compactMap(\.floats)
        guard answers.count == outputs.count, let planes = contract.scores(answers),
            planes.count % card.output.scoreChannels == 0
        else {
            throw PipelineError(
                .unverified, file: card.test.output,
                "is \(output.type), and the card has \(card.output.classesInWords)")
        }
        if card.output.activation == .softmax, Self.areProbabilities(planes, classes: card.output.classes.count) {
            throw PipelineError(
                .unverified, file: card.model,
                "its answers sum to 1 over the classes: they are probabilities already, and the card's activation is none"
            )
        }
        // Nothing that is less probable than a half in a whole picture, and nothing that is nearly certain, is no answer of
        // logits: the sigmoid is in the graph, in whatever form.
        if card.task != .classification, card.output.activation == .sigmoid, planes.allSatisfy({ (0...1).contains($0) })
        {
            throw PipelineError(
                .unverified, file: card.model,
                "its answers lie within 0 and 1 all over: they are probabilities already, and the card's activation is none"
            )
        }
        do throws(AnalysisFailure) {
            _ = try ClassProbabilities(card, stage: .segment).pixels(planes)
            if let head = card.output.detection?.classHead {
                let classes = card.output.classes.count
                let scores = contract.planes(answers[2], channels: classes)
                if head.activation == .softmax, Self.areProbabilities(scores, classes: classes) {
                    throw AnalysisFailure(
                        stage: .detect, code: .degenerateOutput,
                        message:
                            "`\(head.scores)` sums to 1 over the classes already: the card's class-activation is none")
                }
                _ = try ClassProbabilities(head, classes: classes).pixels(scores)
            }
        } catch {
            throw PipelineError(.unverified, file: card.model, error.message)
        }
    }

    private static func areProbabilities(_ planes: [Float], classes: Int) -> Bool {
        let plane = planes.count / classes
        return planes.allSatisfy { (0...1).contains($0) }
            && (0..<plane).allSatisfy { pixel in
                let sum = stride(from: pixel, to: planes.count, by: plane).reduce(Float(0)) { $0 + planes[$1] }
                return abs(sum - 1) < 1e-4
            }
    }
}
