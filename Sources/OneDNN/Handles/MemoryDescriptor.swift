import COneDNN
import NeuralNetworks

/// The element types that primitives compute in.
enum DataType: Sendable, Hashable {
    case float32, bfloat16, uint8, int8

    var raw: dnnl_data_type_t {
        switch self {
        case .float32: dnnl_f32
        case .bfloat16: dnnl_bf16
        case .uint8: dnnl_u8
        case .int8: dnnl_s8
        }
    }

    var byteCount: Int {
        switch self {
        case .float32: 4
        case .bfloat16: 2
        case .uint8, .int8: 1
        }
    }

    var isInteger: Bool { self == .uint8 || self == .int8 }
}

/// How a tensor's elements lie in memory: extents, element type and order.
struct MemoryDescriptor {
    private(set) var raw: dnnl_memory_desc_t

    enum Layout {
        /// Left to the primitive that is created with it.
        case any
        /// Row-major, as ``Tensor`` has it: `[N, C, H, W]`.
        case rowMajor
        /// Elements between neighbours along each axis.
        case strides([Int])
        /// Channels (axis 1) in blocks that lie innermost: `[N, C / block, H, W, block]`.
        case channelBlocks(ChannelBlock)
        /// Channels (axis 1) innermost, as products of 8-bit integers want them: `[N, H, W, C]`.
        case channelsLast

        /// Those that this processor's fast primitives work on.
        static var blocks: Layout { .channelBlocks(InstructionSet.current.channelBlock) }
    }

    /// The widths of channel blocks that oneDNN's fast primitives work on: one vector register.
    enum ChannelBlock: Int, Sendable {
        case eight = 8
        case sixteen = 16
    }

    init(raw: dnnl_memory_desc_t) { self.raw = raw }

    /// - Throws: ``EngineError`` where oneDNN has no such layout: more than 12 axes, a blocked layout of
    ///   anything but 3 to 5 axes.
    init(_ dimensions: [Int], _ type: DataType = .float32, _ layout: Layout = .rowMajor) throws(EngineError) {
        raw = dnnl_memory_desc_t()
        // oneDNN has no tensor without axes: a scalar is one element along one axis.
        let extents = (dimensions.isEmpty ? [1] : dimensions).map { Int64($0) }
        let rank = Int32(extents.count)
        switch layout {
        case .any:
            try check(
                dnnl_memory_desc_init_by_tag(&raw, rank, extents, type.raw, dnnl_format_tag_any),
                "memory_desc_init_by_tag")
        case .channelsLast where extents.count > 1:
            let strides = Shape([dimensions[0]] + dimensions[2...] + [dimensions[1]]).strides
            let moved = [strides[0], 1] + strides[1..<(strides.count - 1)]
            try check(
                dnnl_memory_desc_init_by_strides(&raw, rank, extents, type.raw, moved.map { Int64(max($0, 1)) }),
                "memory_desc_init_by_strides")
        case .rowMajor, .channelsLast:
            let strides = Shape(extents.map { Int($0) }).strides.map { Int64(max($0, 1)) }
            try check(
                dnnl_memory_desc_init_by_strides(&raw, rank, extents, type.raw, strides), "memory_desc_init_by_strides")
        case .strides(let strides):
            try check(
                dnnl_memory_desc_init_by_strides(&raw, rank, extents, type.raw, strides.map { Int64($0) }),
                "memory_desc_init_by_strides")
        case .channelBlocks(let block):
            let tags: [Int: [ChannelBlock: dnnl_format_tag_t]] = [
                3: [.eight: dnnl_aBc8b, .sixteen: dnnl_aBc16b], 4: [.eight: dnnl_aBcd8b, .sixteen: dnnl_aBcd16b],
                5: [.eight: dnnl_aBcde8b, .sixteen: dnnl_aBcde16b],
            ]
            guard let tag = tags[extents.count]?[block] else {
                throw EngineError(.library, "no layout of channel blocks for \(extents.count) axes")
            }
            try check(dnnl_memory_desc_init_by_tag(&raw, rank, extents, type.raw, tag), "memory_desc_init_by_tag")
        }
    }

    /// Bytes that a tensor takes with this layout, padding included.
    var byteCount: Int {
        withUnsafePointer(to: raw) { dnnl_memory_desc_get_size($0) }
    }

    var dimensions: [Int] {
        withUnsafeBytes(of: raw.dims) {
            Array($0.assumingMemoryBound(to: Int64.self).prefix(Int(raw.ndims)).map { Int($0) })
        }
    }

    var dataType: DataType {
        switch raw.data_type {
        case dnnl_bf16: .bfloat16
        case dnnl_u8: .uint8
        case dnnl_s8: .int8
        default: .float32
        }
    }

    /// Whether each image of the batch lies as one dense piece behind the one before.
    var isDensePerImage: Bool {
        let images = dimensions[0]
        guard raw.format_kind == dnnl_blocked, images > 0, byteCount % images == 0 else { return false }
        return withUnsafePointer(to: raw) { descriptor in
            let blocking = scanreport_blocking(descriptor).pointee
            return images == 1 || Int(blocking.strides.0) * dataType.byteCount == byteCount / images
        }
    }
}

extension MemoryDescriptor: Equatable {
    static func == (left: MemoryDescriptor, right: MemoryDescriptor) -> Bool {
        withUnsafePointer(to: left.raw) { left in
            withUnsafePointer(to: right.raw) { right in dnnl_memory_desc_equal(left, right) == 1 }
        }
    }
}

extension MemoryDescriptor {
    /// The layout in which callers and plain operators have a value; nil where primitives cannot read it.
    static func plain(_ type: TensorType) throws(EngineError) -> MemoryDescriptor? {
        guard type.elementType == .float32, type.shape.elementCount > 0, type.shape.rank <= 6 else { return nil }
        return try MemoryDescriptor(type.shape.dimensions)
    }

    /// The layout of one image of a batch that is dense for each image.
    func image() throws(EngineError) -> MemoryDescriptor {
        var extents = dimensions
        extents[0] = 1
        return try submemory(extents)
    }

    /// The same, with the first element `count` elements behind the address.
    func moved(by count: Int) -> MemoryDescriptor {
        var result = raw
        result.offset0 = Int64(count)
        return MemoryDescriptor(raw: result)
    }

    /// The layout of the part of extents `dimensions` of a tensor with this layout that begins at `origin`, by default
    /// with the first element.
    func submemory(_ dimensions: [Int], at origin: [Int]? = nil) throws(EngineError) -> MemoryDescriptor {
        var result = dnnl_memory_desc_t()
        let offsets = origin?.map { Int64($0) } ?? [Int64](repeating: 0, count: dimensions.count)
        let status = withUnsafePointer(to: raw) {
            dnnl_memory_desc_init_submemory(&result, $0, dimensions.map { Int64($0) }, offsets)
        }
        try check(status, "memory_desc_init_submemory")
        return MemoryDescriptor(raw: result)
    }
}
