#pragma once
// Memory of a shared file, mapped for as long as the object lives.

#include <cstddef>
#include <memory>
#include <span>

namespace joust {

// Owns one mapping (a Boost.Interprocess mapped_region behind a pointer).
class Mapping {
 public:
  enum class Access { read_only, read_write };

  // Maps `size` bytes from the start of `fd`, which may be closed afterwards. Throws
  // std::system_error.
  Mapping(int fd, std::size_t size, Access access);
  Mapping(Mapping&&) noexcept;
  Mapping& operator=(Mapping&&) noexcept;
  ~Mapping();

  std::byte* data() const { return data_; }

 private:
  struct Region;
  std::unique_ptr<Region> region_;
  std::byte* data_ = nullptr;
};

}  // namespace joust
