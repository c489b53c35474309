#pragma once
// Little-endian encoding of plain numbers and short strings. The reader trusts nothing: it goes
// into a failed state at the first length that does not fit, and stays there.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace joust {

static_assert(std::endian::native == std::endian::little);

template <class T>
void put_number(std::string& out, T value) {
  static_assert(std::is_arithmetic_v<T>);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  // The next number; 0 once the bytes have run out (see ok()).
  template <class T>
  T number() {
    static_assert(std::is_arithmetic_v<T>);
    const std::string_view bytes = take(sizeof(T));
    T value{};
    if (bytes.size() == sizeof(T)) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  // The next `size` bytes; empty once the bytes have run out.
  std::string_view take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  // What was not read yet.
  std::string_view rest() const { return rest_; }

  bool ok() const { return !failed_; }
  // Everything was read, and nothing was missing.
  bool complete() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace joust
