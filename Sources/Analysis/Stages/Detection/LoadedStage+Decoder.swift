extension LoadedStage {
    /// What makes objects of a detection's numbers, by its card's form.
    ///
    /// - Parameter threshold: the least probability of an object.
    func objectDecoder(
        _ probabilities: ClassProbabilities, threshold: Double, suppressionLimit: Double,
        _ resolution: WorkingResolution
    ) -> any ObjectDecoder {
        let threshold = Float(threshold)
        switch model.card.output.detection {
        case .centres(let form):
            return CentreDecoder(form: form, contract: contract, probabilities: probabilities, threshold: threshold)
        case .boxes(let form):
            return BoxDecoder(form: form, contract: contract, probabilities: probabilities, threshold: threshold)
        case .grid:
            return BoxDecoder(form: .ofGrid, contract: contract, probabilities: probabilities, threshold: threshold)
        case .starConvex(let form):
            return StarConvexDecoder(
                form: form, contract: contract, probabilities: probabilities, threshold: threshold,
                limit: Float(suppressionLimit), resolution: resolution)
        case nil: preconditionFailure("a detection's card says its form")
        }
    }
}
