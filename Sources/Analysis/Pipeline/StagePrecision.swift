import NeuralNetworks

/// In which numbers a stage's network is computed.
public enum StagePrecision: String, Sendable, Hashable, CaseIterable {
    case float32
    case float32Exact = "float32-exact"
    case bfloat16
    /// Written in 8-bit integers as it is loaded, by what calibration found: see ``ModelRanges``.
    case int8

    /// What the engine is asked for: a network of integers is one of float32 between them.
    var ofEngine: Precision {
        switch self {
        case .float32, .int8: .float32
        case .float32Exact: .float32Exact
        case .bfloat16: .bfloat16
        }
    }
}
