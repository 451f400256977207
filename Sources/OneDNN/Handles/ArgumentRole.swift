import COneDNN
import NeuralNetworks

/// What a primitive does with one of its memory arguments.
struct ArgumentRole: Sendable {
    /// oneDNN's number of it.
    let number: Int32

    static let source = ArgumentRole(number: DNNL_ARG_SRC)
    /// The second one of a binary operation.
    static let secondSource = ArgumentRole(number: DNNL_ARG_SRC_1)
    static let destination = ArgumentRole(number: DNNL_ARG_DST)
    static let weights = ArgumentRole(number: DNNL_ARG_WEIGHTS)
    static let bias = ArgumentRole(number: DNNL_ARG_BIAS)
    static let mean = ArgumentRole(number: DNNL_ARG_MEAN)
    static let variance = ArgumentRole(number: DNNL_ARG_VARIANCE)
    static let scale = ArgumentRole(number: DNNL_ARG_SCALE)
    static let shift = ArgumentRole(number: DNNL_ARG_SHIFT)
    static let sourceGradient = ArgumentRole(number: DNNL_ARG_DIFF_SRC)
    static let destinationGradient = ArgumentRole(number: DNNL_ARG_DIFF_DST)
    static let weightsGradient = ArgumentRole(number: DNNL_ARG_DIFF_WEIGHTS)
    static let biasGradient = ArgumentRole(number: DNNL_ARG_DIFF_BIAS)
    /// What a forward execution leaves for the backward one.
    static let workspace = ArgumentRole(number: DNNL_ARG_WORKSPACE)
    static let scratchpad = ArgumentRole(number: DNNL_ARG_SCRATCHPAD)

    /// One of the values that are joined.
    static func part(_ index: Int) -> ArgumentRole { ArgumentRole(number: DNNL_ARG_MULTIPLE_SRC + Int32(index)) }
}

/// The memory of a primitive's arguments, for one execution or several.
struct ExecutionArguments {
    fileprivate var list: [dnnl_exec_arg_t] = []

    mutating func append(_ role: ArgumentRole, _ memory: MemoryHandle) {
        list.append(dnnl_exec_arg_t(arg: role.number, memory: memory))
    }
}

extension Primitive {
    /// Runs once for each `count` of the arguments, and waits for the end.
    func execute(
        _ stream: borrowing Stream, _ arguments: ExecutionArguments, inGroupsOf count: Int
    ) throws(EngineError) {
        var status = dnnl_success
        arguments.list.withUnsafeBufferPointer { all in
            for first in stride(from: 0, to: all.count, by: count) where status == dnnl_success {
                status = dnnl_primitive_execute(
                    handle, stream.handle, Int32(count), all.baseAddress.map { $0 + first })
            }
        }
        try check(status, "primitive_execute")
    }
}
