#include "common/mapping.hpp"

#include <boost/interprocess/exceptions.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <system_error>

namespace joust {
namespace {

namespace bip = boost::interprocess;

// What mapped_region asks of a thing that can be mapped.
struct MappableFd {
  int fd;
  bip::mapping_handle_t get_mapping_handle() const { return {fd, false}; }
};

}  // namespace

struct Mapping::Region {
  bip::mapped_region region;
};

Mapping::Mapping(int fd, std::size_t size, Access access) {
  try {
    const auto mode = access == Access::read_only ? bip::read_only : bip::read_write;
    region_ = std::make_unique<Region>(Region{bip::mapped_region(MappableFd{fd}, mode, 0, size)});
  } catch (const bip::interprocess_exception& error) {
    throw std::system_error(error.get_native_error(), std::generic_category(),
                            "cannot map shared memory");
  }
  data_ = static_cast<std::byte*>(region_->region.get_address());
}

Mapping::Mapping(Mapping&&) noexcept = default;
Mapping& Mapping::operator=(Mapping&&) noexcept = default;
Mapping::~Mapping() = default;

}  // namespace joust
