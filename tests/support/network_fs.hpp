#pragma once
// A folder that is on a network file system, for the joust under test.

#include <filesystem>
#include <map>
#include <string>

namespace joust::test {

// What joust needs in its environment so that `shared` behaves like NFS (preload/network_fs.cpp),
// and its journals lie in `scratch`. REQUIRES: both folders exist.
inline std::map<std::string, std::string> network_environment(
    const std::filesystem::path& shared, const std::filesystem::path& scratch) {
  return {{"LD_PRELOAD", JOUST_PLUGIN_DIR "/libnetwork_fs.so"},
          {"JOUST_TEST_NETWORK", std::filesystem::canonical(shared).string()},
          {"TMPDIR", scratch.string()},
          // a sanitizer's runtime wants to be the first library
          {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
}

}  // namespace joust::test
