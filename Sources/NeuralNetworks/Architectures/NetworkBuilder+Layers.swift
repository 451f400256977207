extension NetworkBuilder {
    /// Whether a layer adds a learned constant to each channel.
    public enum Bias: Sendable, Hashable {
        case learned, none
        /// Learned, and the same for all channels at first.
        case starting(at: Float)
    }

    /// A square convolution with parameters `name.weight` and `name.bias`.
    public mutating func convolution(
        _ input: Value, _ name: String, channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        bias: Bias = .learned
    ) throws -> Value {
        let fanIn = input.channels * kernel * kernel
        var parameters = [
            try draw(
                "\(name).weight", [channels, input.channels, kernel, kernel], in: Self.range(fanIn: fanIn, gain: 6))
        ]
        switch bias {
        case .learned:
            parameters.append(try draw("\(name).bias", [channels], in: Self.range(fanIn: fanIn, gain: 1)))
        case .starting(let value): parameters.append(try draw("\(name).bias", [channels], in: value...value))
        case .none: break
        }
        let window = Window(
            kernelShape: [kernel, kernel], strides: [stride, stride], pads: [padding, padding, padding, padding])
        return try add(Convolution(window: window), [input], parameters: parameters, name: name)
    }

    /// A transposed convolution that doubles height and width.
    public mutating func upConvolution(_ input: Value, _ name: String, channels: Int) throws -> Value {
        let range = Self.range(fanIn: input.channels, gain: 6)
        let parameters = [
            try draw("\(name).weight", [input.channels, channels, 2, 2], in: range),
            try draw("\(name).bias", [channels], in: Self.range(fanIn: input.channels, gain: 1)),
        ]
        let window = Window(kernelShape: [2, 2], strides: [2, 2])
        return try add(ConvolutionTranspose(window: window), [input], parameters: parameters, name: name)
    }

    /// Batch normalisation with parameters `name.weight` and `name.bias`, and running statistics.
    public mutating func batchNormalization(_ input: Value, _ name: String) throws -> Value {
        let channels = [input.channels]
        let parameters = [
            try draw("\(name).weight", channels, in: 0.75...1.25), try draw("\(name).bias", channels, in: -0.25...0.25),
            try draw("\(name).running_mean", channels, in: -0.25...0.25),
            try draw("\(name).running_var", channels, in: 0.75...1.25),
        ]
        return try add(BatchNormalization(), [input], parameters: parameters, name: name)
    }

    /// A fully connected layer with parameters `name.weight` `[features, inputs]` and `name.bias`.
    public mutating func linear(_ input: Value, _ name: String, features: Int) throws -> Value {
        let parameters = [
            try draw("\(name).weight", [features, input.channels], in: Self.range(fanIn: input.channels, gain: 6)),
            try draw("\(name).bias", [features], in: Self.range(fanIn: input.channels, gain: 1)),
        ]
        return try add(Gemm(transposeB: true), [input], parameters: parameters, name: name)
    }

    public mutating func relu(_ input: Value) throws -> Value {
        try add(UnaryElementwise(.relu), [input], name: "\(input.name)/relu")
    }

    public mutating func sigmoid(_ input: Value) throws -> Value {
        try add(UnaryElementwise(.sigmoid), [input], name: "\(input.name)/sigmoid")
    }

    public mutating func exponential(_ input: Value) throws -> Value {
        try add(UnaryElementwise(.exponential), [input], name: "\(input.name)/exponential")
    }

    public mutating func tanh(_ input: Value) throws -> Value {
        try add(UnaryElementwise(.tanh), [input], name: "\(input.name)/tanh")
    }

    public mutating func maxPooling(
        _ input: Value, kernel: Int, stride: Int, padding: Int = 0
    ) throws -> Value {
        let window = Window(
            kernelShape: [kernel, kernel], strides: [stride, stride], pads: [padding, padding, padding, padding])
        return try add(MaxPooling(window: window), [input], name: "\(input.name)/pool")
    }

    public mutating func averagePooling(_ input: Value, kernel: Int, stride: Int) throws -> Value {
        let window = Window(kernelShape: [kernel, kernel], strides: [stride, stride])
        return try add(AveragePooling(window: window), [input], name: "\(input.name)/pool")
    }

    public mutating func globalAveragePooling(_ input: Value) throws -> Value {
        try add(GlobalPooling(.average), [input], name: "\(input.name)/pool")
    }

    public mutating func flatten(_ input: Value) throws -> Value {
        try add(Flatten(), [input], name: "\(input.name)/flat")
    }

    public mutating func dropout(_ input: Value) throws -> Value {
        try add(Dropout(), [input], name: "\(input.name)/dropout")
    }

    public mutating func sum(_ left: Value, _ right: Value, name: String) throws -> Value {
        try add(BinaryElementwise(.add), [left, right], name: name)
    }

    /// Joins the channels of two values.
    public mutating func concatenation(_ left: Value, _ right: Value, name: String) throws -> Value {
        try add(Concatenation(axis: 1), [left, right], name: name)
    }

    /// Keeps the variance from layer to layer with a gain of 6.
    /// Source: He et al., "Delving deep into rectifiers", 2015.
    private static func range(fanIn: Int, gain: Float) -> ClosedRange<Float> {
        let bound = (gain / Float(fanIn)).squareRoot()
        return -bound...bound
    }
}
