#include "runner/machine/file_system.hpp"

#include <fmt/format.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

namespace joust::machine {
namespace {

struct Known {
  std::uint32_t type;
  const char* name;
  bool is_network;
};

// From linux/magic.h, statfs(2), and the sources of those that are not in Linux (Lustre, GPFS,
// BeeGFS, PanFS, StorNext, Ibrix). GFS2 and OCFS2 are on disks that several machines have.
constexpr std::array kKnown{
    Known{0x00006969, "nfs", true},       Known{0x0000517b, "smb", true},
    Known{0xff534d42, "cifs", true},      Known{0xfe534d42, "smb2", true},
    Known{0x0bd00bd0, "lustre", true},    Known{0x47504653, "gpfs", true},
    Known{0x19830326, "beegfs", true},    Known{0x00c36400, "ceph", true},
    Known{0x65735546, "fuse", true},      Known{0x5346414f, "afs", true},
    Known{0x6b414653, "afs", true},       Known{0x01021997, "9p", true},
    Known{0xaad7aaea, "panfs", true},     Known{0x7461636f, "ocfs2", true},
    Known{0x01161970, "gfs2", true},      Known{0x73757245, "coda", true},
    Known{0x20030528, "orangefs", true},  Known{0x0000564c, "ncp", true},
    Known{0xbeefdead, "stornext", true},  Known{0x013111a8, "ibrix", true},
    Known{0xbacbacbc, "vmhgfs", true},    Known{0x7c7c6673, "prl_fs", true},
    Known{0x786f4256, "vboxsf", true},    Known{0x0000ef53, "ext4", false},
    Known{0x58465342, "xfs", false},      Known{0x9123683e, "btrfs", false},
    Known{0x2fc12fc1, "zfs", false},      Known{0xf2f52010, "f2fs", false},
    Known{0x794c7630, "overlay", false},  Known{0x01021994, "tmpfs", false},
    Known{0x858458f6, "ramfs", false},    Known{0xca451a4e, "bcachefs", false},
    Known{0x3153464a, "jfs", false},      Known{0x52654973, "reiserfs", false},
    Known{0x00003434, "nilfs", false},    Known{0x00004d44, "fat", false},
    Known{0x2011bab0, "exfat", false},    Known{0x7366746e, "ntfs3", false},
    Known{0x73717368, "squashfs", false}, Known{0xe0f5e1e2, "erofs", false},
    Known{0x00009660, "iso9660", false},  Known{0x00009fa0, "proc", false},
    Known{0x62656572, "sysfs", false},    Known{0x63677270, "cgroup2", false},
    Known{0x0027e0eb, "cgroup", false},
};

// What a file system that has no fixed number of files says of those that are free, or none.
constexpr std::uint64_t kUncounted = std::numeric_limits<std::uint64_t>::max();

}  // namespace

FileSystemKind kind_of_file_system(std::uint32_t type) {
  const auto* const known = std::ranges::find(kKnown, type, &Known::type);
  if (known == kKnown.end()) return {fmt::format("type {:#x}", type), false};
  return {known->name, known->is_network};
}

FileSystem look_at_file_system(const std::filesystem::path& path) {
  struct statfs found {};
  while (::statfs(path.c_str(), &found) != 0) {
    if (errno == EINTR) continue;
    throw std::system_error(errno, std::generic_category(),
                            fmt::format("cannot find the file system of {}", path.string()));
  }
  const auto kind = kind_of_file_system(static_cast<std::uint32_t>(found.f_type));
  FileSystem file_system{.name = kind.name, .is_network = kind.is_network};
  const auto unit =
      static_cast<std::uint64_t>(found.f_frsize != 0 ? found.f_frsize : found.f_bsize);
  file_system.free_bytes = found.f_bavail * unit;
  file_system.free_inodes = found.f_files == 0 ? kUncounted : found.f_ffree;
  file_system.read_only = (static_cast<unsigned long>(found.f_flags) & ST_RDONLY) != 0;
  return file_system;
}

std::string network_file_system(const std::filesystem::path& path) {
  try {
    const FileSystem found = look_at_file_system(path);
    return found.is_network ? found.name : "";
  } catch (const std::system_error&) {
    return "";
  }
}

std::filesystem::path existing_part(std::filesystem::path path) {
  std::error_code error;
  while (!std::filesystem::exists(path, error) && path != path.parent_path()) {
    path = path.parent_path();
  }
  return path;
}

}  // namespace joust::machine
