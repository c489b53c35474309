#pragma once

#include <string>

namespace joust {

// A file that all worlds of a tournament may read: a [[resource]] of the spec.
struct ResourceFile {
  std::string name;
  std::string path;  // absolute
  bool operator==(const ResourceFile&) const = default;
};

}  // namespace joust
