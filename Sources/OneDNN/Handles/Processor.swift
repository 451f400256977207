import COneDNN
import NeuralNetworks

/// oneDNN's handle of the processor that runs primitives, which it calls an engine.
struct Processor: ~Copyable {
    let handle: dnnl_engine_t

    init() throws(EngineError) {
        var handle: dnnl_engine_t?
        try check(dnnl_engine_create(&handle, dnnl_cpu, 0), "engine_create")
        self.handle = try created(handle, "engine_create")
    }

    deinit { dnnl_engine_destroy(handle) }
}

/// A queue of primitives of one thread of ours. On a processor an execution ends before its call returns.
struct Stream: ~Copyable {
    let handle: dnnl_stream_t

    init(_ engine: borrowing Processor) throws(EngineError) {
        var handle: dnnl_stream_t?
        try check(
            dnnl_stream_create(&handle, engine.handle, UInt32(dnnl_stream_default_flags.rawValue)), "stream_create")
        self.handle = try created(handle, "stream_create")
    }

    deinit { dnnl_stream_destroy(handle) }
}
