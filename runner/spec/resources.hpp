#pragma once
// [[resource]]: files that all worlds may read.

#include <string>
#include <vector>

#include "common/resource_file.hpp"
#include "runner/spec/section.hpp"

namespace joust::spec {

struct ResourceList {
  std::vector<ResourceFile> files;
  std::vector<ResolvedKey> keys;  // the hash of each file's content decides results
};

// Throws SpecError when a name is bad or given twice, or a file cannot be read. Of a recorded run
// (files.recorded) the places and the hashes are those of its beginning.
ResourceList load_resources(const Document& document, InputFiles& files);

// Whether the resources of a run are still what was recorded: the path of each that is not.
std::vector<std::string> changed_resources(const std::filesystem::path& inputs);

}  // namespace joust::spec
