import NeuralNetworks

/// The loss of heat maps of centres, with the boxes' sizes and the centres' offsets.
///
/// Of a class's heat `t`, 1 at centres and less around them, and the probability `p`: `-(1 - p)^2 log(p)` where `t` is 1, and
/// `-(1 - t)^4 p^2 log(1 - p)` elsewhere, summed and divided by the number of centres. To it comes, the mean over centres,
/// `|W - w| / w + |H - h| / h` of the sizes and `|X - x| + |Y - y|` of the offsets.
///
/// Source: Zhou, Wang and Krähenbühl, "Objects as points", 2019. Their sizes' differences are in cells and count a tenth; here they
/// are shares of the true ones, so that small objects are boxed as well as large ones.
public struct CentreLoss: NetworkLoss {
    public init() {}

    /// - Parameters:
    ///   - answers: logits `[N, K, h, w]`, sizes `[N, 2, h, w]`, and offsets `[N, 2, h, w]` where the network has them.
    ///   - truths: heat, negative where nothing is known of a class; sizes, positive at centres and else 0; offsets.
    public func value(of answers: [Tensor], truths: [Tensor]) -> NetworkLossValue {
        let heat = Self.heat(answers[0], truths[0].numbers)
        let sizes = truths[1].numbers
        var parts = [heat, Self.distance(answers[1], sizes, at: sizes, isRelative: true)]
        if answers.count > 2 {
            parts.append(Self.distance(answers[2], truths[2].numbers, at: sizes, isRelative: false))
        }
        return NetworkLossValue(value: parts.reduce(0) { $0 + $1.value }, gradients: parts.map(\.gradient))
    }

    private static func heat(_ answers: Tensor, _ truth: [Float]) -> LossValue {
        let logits = answers.numbers
        let scale = 1 / Float(max(1, truth.count { $0 == 1 }))
        var gradient = [Float](repeating: 0, count: logits.count)
        var sum = 0.0
        for (index, truth) in truth.enumerated() where truth >= 0 {
            let isCentre = truth == 1
            // What is no centre is one of the opposite logit.
            let part = FocalLoss.part(isCentre ? logits[index] : -logits[index], 2)
            let square = (1 - truth) * (1 - truth)
            let weight = isCentre ? 1 : square * square
            sum += Double(weight * part.value)
            gradient[index] = scale * weight * (isCentre ? part.slope : -part.slope)
        }
        return LossValue(value: sum * Double(scale), gradient: Tensor(shape: answers.shape, gradient))
    }

    /// The mean over the places where `sizes` is positive of the two channels' distances from the truth.
    private static func distance(
        _ answers: Tensor, _ truth: [Float], at sizes: [Float], isRelative: Bool
    ) -> LossValue {
        let numbers = answers.numbers
        // Each place has a width and a height.
        let scale = 2 / Float(max(2, sizes.count { $0 > 0 }))
        var gradient = [Float](repeating: 0, count: numbers.count)
        var sum = 0.0
        for (index, size) in sizes.enumerated() where size > 0 {
            let weight = isRelative ? scale / size : scale
            let difference = numbers[index] - truth[index]
            sum += Double(weight * abs(difference))
            gradient[index] = difference > 0 ? weight : difference < 0 ? -weight : 0
        }
        return LossValue(value: sum, gradient: Tensor(shape: answers.shape, gradient))
    }
}
