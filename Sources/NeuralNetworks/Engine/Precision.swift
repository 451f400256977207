/// In which numbers, and by which algorithms, a network is computed.
public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// 32-bit floating point, with Winograd convolutions where the fixed rule says so: within 2e-3 of the
    /// reference execution, relative to the largest magnitude.
    case float32
    /// 32-bit floating point by the definition of each operator: within 1e-4.
    case float32Exact = "float32-exact"
    /// 16-bit brain floating point with 32-bit sums, on processors that multiply it.
    case bfloat16
}
