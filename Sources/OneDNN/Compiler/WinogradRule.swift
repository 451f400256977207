import NeuralNetworks

/// Which convolutions are computed by Winograd's minimal filtering, F(4x4, 3x3): 4 multiplications where the
/// definition has 9, at the price of transforms and of a rounding error some ten times larger.
///
/// The rule looks at shapes alone, never at the clock, so that a network gives the same bits on every run.
/// Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016.
enum WinogradRule {
    /// Below these the transforms cost more than the multiplications that they spare.
    static let leastChannels = 32

    static func applies(to problem: ConvolutionProblem) -> Bool {
        InstructionSet.current.hasWinograd && !problem.isTransposed && problem.groups == 1 && problem.kernel == [3, 3]
            && problem.strides == [1, 1] && problem.dilations == [1, 1] && problem.padsBegin.allSatisfy { $0 <= 1 }
            && problem.padsEnd.allSatisfy { $0 <= 1 } && problem.source[1] >= leastChannels
            && problem.destination[1] >= leastChannels
    }

    /// Whether the implementation can apply the activation itself.
    static func fuses(_ activation: Activation?) -> Bool { activation == nil || activation == .relu }
}
