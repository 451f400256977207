import COneDNN
import NeuralNetworks

/// One implementation of an operation for given layouts, before it is made ready to run.
struct PrimitiveDescriptor: ~Copyable {
    let handle: dnnl_primitive_desc_t

    init(owning handle: dnnl_primitive_desc_t) { self.handle = handle }

    deinit { dnnl_primitive_desc_destroy(handle) }

    /// The first implementation of `operation`, or the first whose name `isWanted`; nil where there is none.
    ///
    /// - Parameters:
    ///   - operation: a oneDNN operation descriptor, such as `dnnl_convolution_desc_t`.
    ///   - forward: the descriptor of what it is the backward side of.
    static func first<Operation>(
        _ operation: Operation, _ attributes: borrowing Attributes, _ engine: borrowing Processor,
        after forward: dnnl_primitive_desc_t? = nil, where isWanted: (String) -> Bool = { _ in true }
    ) throws(EngineError) -> PrimitiveDescriptor? {
        // The iterator keeps the address, so the descriptor has to stay where it is until the end.
        let kept = UnsafeMutablePointer<Operation>.allocate(capacity: 1)
        kept.initialize(to: operation)
        defer {
            kept.deinitialize(count: 1)
            kept.deallocate()
        }
        var iterator: dnnl_primitive_desc_iterator_t?
        var status = dnnl_primitive_desc_iterator_create(&iterator, kept, attributes.handle, engine.handle, forward)
        guard status != dnnl_unimplemented, status != dnnl_iterator_ends else { return nil }
        try check(status, "primitive_desc_iterator_create")
        defer { dnnl_primitive_desc_iterator_destroy(iterator) }
        repeat {
            let handle = try created(dnnl_primitive_desc_iterator_fetch(iterator), "primitive_desc_iterator_fetch")
            let candidate = PrimitiveDescriptor(owning: handle)
            if isWanted(candidate.implementation) { return candidate }
            status = dnnl_primitive_desc_iterator_next(iterator)
        } while status == dnnl_success
        return nil
    }

    /// A copy between layouts; nil where oneDNN has none.
    static func reorder(
        from source: MemoryDescriptor, to destination: MemoryDescriptor, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        try reorder(from: source, to: destination, Attributes(), engine)
    }

    /// - Parameter attributes: what becomes of the elements on the way.
    static func reorder(
        from source: MemoryDescriptor, to destination: MemoryDescriptor, _ attributes: borrowing Attributes,
        _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        var handle: dnnl_primitive_desc_t?
        let status = withUnsafePointer(to: source.raw) { source in
            withUnsafePointer(to: destination.raw) { destination in
                dnnl_reorder_primitive_desc_create(
                    &handle, source, engine.handle, destination, engine.handle, attributes.handle)
            }
        }
        guard status != dnnl_unimplemented else { return nil }
        try check(status, "reorder_primitive_desc_create")
        return PrimitiveDescriptor(owning: try created(handle, "reorder_primitive_desc_create"))
    }

    /// A join of tensors along an axis, in the layout that suits them; nil where oneDNN has none.
    static func concatenation(
        _ sources: [MemoryDescriptor], axis: Int, _ engine: borrowing Processor
    ) throws(EngineError) -> PrimitiveDescriptor? {
        let attributes = try Attributes()
        var handle: dnnl_primitive_desc_t?
        let status = dnnl_concat_primitive_desc_create(
            &handle, nil, Int32(sources.count), Int32(axis), sources.map(\.raw), attributes.handle, engine.handle)
        guard status != dnnl_unimplemented, status != dnnl_invalid_arguments else { return nil }
        try check(status, "concat_primitive_desc_create")
        return PrimitiveDescriptor(owning: try created(handle, "concat_primitive_desc_create"))
    }

    /// The implementation's name, such as `jit:avx512_core`.
    var implementation: String {
        var name: UnsafePointer<CChar>?
        guard dnnl_primitive_desc_query(handle, dnnl_query_impl_info_str, 0, &name) == dnnl_success, let name else {
            return "unknown"
        }
        return String(cString: name)
    }

    var source: MemoryDescriptor { descriptor(dnnl_query_src_md) }
    var weights: MemoryDescriptor { descriptor(dnnl_query_weights_md) }
    var destination: MemoryDescriptor { descriptor(dnnl_query_dst_md) }
    var scratchpad: MemoryDescriptor { descriptor(dnnl_query_scratchpad_md) }

    func descriptor(_ query: dnnl_query_t, _ index: Int = 0) -> MemoryDescriptor {
        guard let pointer = dnnl_primitive_desc_query_md(handle, query, Int32(index)) else {
            return MemoryDescriptor(raw: dnnl_memory_desc_t())
        }
        return MemoryDescriptor(raw: pointer.pointee)
    }
}

/// Compiled code of one operation, immutable and safe to execute on many threads at once.
struct Primitive: ~Copyable {
    let handle: dnnl_primitive_t

    init(_ descriptor: borrowing PrimitiveDescriptor) throws(EngineError) {
        var handle: dnnl_primitive_t?
        try check(dnnl_primitive_create(&handle, descriptor.handle), "primitive_create")
        self.handle = try created(handle, "primitive_create")
    }

    deinit { dnnl_primitive_destroy(handle) }
}
