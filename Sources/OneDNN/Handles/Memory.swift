import COneDNN
import NeuralNetworks

/// oneDNN's object for a layout and an address.
typealias MemoryHandle = dnnl_memory_t

/// A layout together with the address where the elements lie; does not own the elements.
struct Memory: ~Copyable {
    let handle: MemoryHandle

    init(
        _ descriptor: MemoryDescriptor, at address: UnsafeMutableRawPointer?, _ engine: borrowing Processor
    ) throws(EngineError) {
        var handle: dnnl_memory_t?
        let status = withUnsafePointer(to: descriptor.raw) {
            dnnl_memory_create(&handle, $0, engine.handle, address)
        }
        try check(status, "memory_create")
        self.handle = try created(handle, "memory_create")
    }

    deinit { dnnl_memory_destroy(handle) }

    /// Points at other elements of the same layout.
    func move(to address: UnsafeMutableRawPointer) throws(EngineError) {
        try check(dnnl_memory_set_data_handle(handle, address), "memory_set_data_handle")
    }
}
