#pragma once
// What files contained when a run began: a text with a line "xxh3:<hash>  <path>" for each, which
// lies beside the spec in a run directory.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace joust::spec {

// The record of the files that are the world: of those that a command names, or of the plugin.
inline constexpr const char* kWorldFiles = "world.files";

// The hash of a file's content, in 32 hexadecimal digits. Throws std::system_error when it cannot
// be read.
std::string hash_of_file(const std::filesystem::path& file);

// The lines of those that are files; the others have none. `paths` are relative to `folder`, or
// absolute.
std::string record_of(const std::filesystem::path& folder, const std::vector<std::string>& paths);

// The paths of a record, as they stand there.
std::vector<std::string> paths_in(std::string_view record);

// The files of a record that are no longer what they were.
std::vector<std::string> changed_since(std::string_view record,
                                       const std::filesystem::path& folder);

}  // namespace joust::spec
