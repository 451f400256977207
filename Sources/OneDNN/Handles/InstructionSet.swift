import COneDNN
import NeuralNetworks

/// The instruction sets that decide layouts and precisions, narrowest first.
enum InstructionSet: String, Comparable {
    case baseline
    case sse41
    case avx
    case avx2
    case avx512Core = "avx512_core"
    case avx512CoreVNNI = "avx512_core_vnni"
    case avx512CoreBF16 = "avx512_core_bf16"
    case avx512CoreAMX = "avx512_core_amx"

    static let current: InstructionSet =
        switch dnnl_get_effective_cpu_isa() {
        case dnnl_cpu_isa_sse41: .sse41
        case dnnl_cpu_isa_avx: .avx
        case dnnl_cpu_isa_avx2, dnnl_cpu_isa_avx2_vnni, dnnl_cpu_isa_avx512_mic, dnnl_cpu_isa_avx512_mic_4ops: .avx2
        case dnnl_cpu_isa_avx512_core: .avx512Core
        case dnnl_cpu_isa_avx512_core_vnni: .avx512CoreVNNI
        case dnnl_cpu_isa_avx512_core_bf16: .avx512CoreBF16
        case dnnl_cpu_isa_avx512_core_amx: .avx512CoreAMX
        default: .baseline
        }

    private var rank: Int {
        switch self {
        case .baseline: 0
        case .sse41: 1
        case .avx: 2
        case .avx2: 3
        case .avx512Core: 4
        case .avx512CoreVNNI: 5
        case .avx512CoreBF16: 6
        case .avx512CoreAMX: 7
        }
    }

    static func < (left: InstructionSet, right: InstructionSet) -> Bool { left.rank < right.rank }

    /// The channel block of the layouts that the fast primitives of this instruction set work on.
    var channelBlock: MemoryDescriptor.ChannelBlock { self >= .avx512Core ? .sixteen : .eight }

    /// Whether our own kernels for convolutions run on it.
    var hasConvolutionKernels: Bool { self >= .avx512Core }

    /// Whether products of 8-bit integers are summed in 32 bits in one instruction; older ones saturate at 16 bits between.
    var hasIntegerProducts: Bool { self >= .avx512CoreVNNI }

    /// Whether products of bfloat16 are computed by the processor, not emulated.
    var hasBFloat16: Bool { self >= .avx512CoreBF16 }

    /// Whether matrices of bfloat16 are multiplied in one instruction (AMX). oneDNN has asked the kernel for the registers then.
    var hasMatrices: Bool { self >= .avx512CoreAMX }

    func requireBFloat16() throws(EngineError) {
        guard hasBFloat16 else {
            throw EngineError(
                .unsupportedPrecision, "bfloat16 needs a processor with avx512_bf16; this one has \(rawValue)")
        }
    }
}
