import FoundationEssentials

/// As many bytes as the type has, the least significant first.
extension Packable where Self: FixedWidthInteger {
    func pack(into packer: inout Packer) {
        withUnsafeBytes(of: littleEndian) { packer.add(bytes: $0) }
    }

    init(from unpacker: inout Unpacker) throws {
        self = try unpacker.take(Self.bitWidth / 8).reversed().reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}

extension Int: Packable {}
extension Int64: Packable {}
extension UInt8: Packable {}
extension UInt32: Packable {}
extension UInt64: Packable {}

extension Packable where Self: RawRepresentable, RawValue: Packable {
    func pack(into packer: inout Packer) throws { try packer.add(rawValue) }

    init(from unpacker: inout Unpacker) throws {
        guard let value = Self(rawValue: try unpacker.next()) else { throw FrameError.undecodable }
        self = value
    }
}

/// The bits, so that it survives to the last of them.
extension Double: Packable {
    func pack(into packer: inout Packer) throws {
        guard isFinite else { throw FrameError.unencodable }
        try packer.add(bitPattern)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(bitPattern: try unpacker.next())
        guard isFinite else { throw FrameError.undecodable }
    }
}

extension String: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(utf8.count)
        packer.add(bytes: utf8)
    }

    init(from unpacker: inout Unpacker) throws {
        guard let text = String(validating: try unpacker.take(unpacker.count()), as: UTF8.self) else {
            throw FrameError.undecodable
        }
        self = text
    }
}

extension Data: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(count)
        packer.add(bytes: self)
    }

    init(from unpacker: inout Unpacker) throws {
        self.init(try unpacker.take(unpacker.count()))
    }
}

extension Optional: Packable where Wrapped: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(self == nil ? UInt8(0) : 1)
        if let self { try packer.add(self) }
    }

    init(from unpacker: inout Unpacker) throws {
        switch try unpacker.next(UInt8.self) {
        case 0: self = nil
        case 1: self = try unpacker.next(Wrapped.self)
        default: throw FrameError.undecodable
        }
    }
}

extension Array: Packable where Element: Packable {
    func pack(into packer: inout Packer) throws {
        try packer.add(count)
        for element in self { try packer.add(element) }
    }

    init(from unpacker: inout Unpacker) throws {
        self = []
        for _ in 0..<(try unpacker.count()) { append(try unpacker.next()) }
    }
}

extension Dictionary: Packable where Key == String, Value == Double {
    func pack(into packer: inout Packer) throws {
        try packer.add(count)
        for (key, value) in self {
            try packer.add(key)
            try packer.add(value)
        }
    }

    init(from unpacker: inout Unpacker) throws {
        self = [:]
        for _ in 0..<(try unpacker.count()) {
            let key = try unpacker.next(String.self)
            self[key] = try unpacker.next(Double.self)
        }
    }
}
