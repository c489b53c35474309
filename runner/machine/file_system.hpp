#pragma once
// What a folder lies on. On a network file system, memory that is shared through files, locks and
// fsync() do not work as SQLite's write-ahead log needs them to, and other machines may write too.

#include <cstdint>
#include <filesystem>
#include <string>

namespace joust::machine {

struct FileSystemKind {
  std::string name;         // such as "ext4" or "nfs"; of one that is not known, its number
  bool is_network = false;  // other machines may share it. All of FUSE is taken for such: whether
                            // it is sshfs or something on a disk of this machine cannot be seen
  bool operator==(const FileSystemKind&) const = default;
};

// `type`: as statfs(2) has it in f_type.
FileSystemKind kind_of_file_system(std::uint32_t type);

struct FileSystem {
  std::string name;               // as above
  bool is_network = false;        // as above
  std::uint64_t free_bytes = 0;   // that this user may still write
  std::uint64_t free_inodes = 0;  // files that can still be made; 2^64 - 1: it does not count them
  bool read_only = false;
};

// By statfs(2). REQUIRES for an answer: the path exists; throws std::system_error otherwise.
// Thread-safe.
FileSystem look_at_file_system(const std::filesystem::path& path);

// The name of the network file system that the path is on; empty: it is on none, or that cannot be
// found out. Thread-safe.
std::string network_file_system(const std::filesystem::path& path);

// The path itself, or else the nearest folder above it that exists. Thread-safe.
std::filesystem::path existing_part(std::filesystem::path path);

}  // namespace joust::machine
