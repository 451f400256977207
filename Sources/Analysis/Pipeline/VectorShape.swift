import Findings
import NeuralNetworks

/// How a vector lies in the tensor that a network answers with: alone, or one at each position of maps, of which it is the mean.
struct VectorShape: Sendable, Hashable {
    let dimension: Int
    let positions: Int
    let isChannelsLast: Bool

    var elementCount: Int { dimension * positions }

    /// - Parameter shape: `[1, D]` with any further axes of one element, or maps in the layout given.
    /// - Returns: nil for what is neither.
    init?(_ shape: Shape, _ layout: ModelInput.Layout) {
        isChannelsLast = layout == .nhwc
        if shape.dimensions.filter({ $0 != 1 }).count <= 1 {
            (dimension, positions) = (shape.elementCount, 1)
        } else if shape.rank == 4, shape[0] == 1 {
            dimension = isChannelsLast ? shape[3] : shape[1]
            positions = shape.elementCount / max(1, dimension)
        } else {
            return nil
        }
    }

    /// - Parameter answer: the tensor's elements.
    func vector(_ answer: [Float]) -> [Float] {
        if positions == 1 { return answer }
        var sums = [Float](repeating: 0, count: dimension)
        for index in answer.indices { sums[isChannelsLast ? index % dimension : index / positions] += answer[index] }
        return sums.map { $0 / Float(positions) }
    }
}

extension GraphFit {
    /// - Parameter answer: to a tile.
    /// - Returns: false where it is no vector, which `problems` then says.
    mutating func fitVector(_ answer: Shape, _ tile: inout Tile) -> Bool {
        guard let vector = VectorShape(answer, card.output.layout),
            (2...EmbeddingBlock.maximumDimension).contains(vector.dimension)
        else {
            problems.append(
                "`\(card.output.name)` is \(answer) for a tile: name a tensor of one vector of 2 to "
                    + "\(EmbeddingBlock.maximumDimension) elements, or of maps in the layout "
                    + "\(card.output.layout.rawValue), whose mean is taken")
            return false
        }
        tile.vector = vector
        return true
    }
}
