import NeuralNetworks

/// What this program makes of each operator type of the standard operator set.
enum OperatorRegistry {
    typealias Builder = @Sendable (inout NodeReader) throws(FormatProblem) -> any Operator

    /// How an operator is built from the version of the operator set `since` on, until a later entry.
    struct Entry: Sendable {
        let type: String
        let since: Int
        let build: Builder

        /// - Parameter build: throws nothing but ``FormatProblem``; closures cannot yet say so in their type.
        init(
            _ type: String, since: Int = 1, _ build: @escaping @Sendable (inout NodeReader) throws -> any Operator
        ) {
            self.type = type
            self.since = since
            self.build = { reader throws(FormatProblem) in
                do {
                    return try build(&reader)
                } catch let problem as FormatProblem {
                    throw problem
                } catch {
                    throw FormatProblem(.malformed, "\(error)")
                }
            }
        }
    }

    private static let entries = Dictionary(
        grouping: [
            windows, normalisations, activations, parameterlessActivations, binaryArithmetic, arithmetic,
            axisReductions, positions, indexing, movements, resampling, quantization,
            shapes,
        ].joined(), by: \.type)

    /// The newest builder of `type` that is not newer than `operatorSet`.
    static func builder(of type: String, operatorSet: Int) -> Builder? {
        entries[type]?.filter { $0.since <= operatorSet }.max { $0.since < $1.since }?.build
    }
}
