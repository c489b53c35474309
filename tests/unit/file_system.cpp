// What a folder lies on.

#include "runner/machine/file_system.hpp"

#include <doctest/doctest.h>
#include <linux/magic.h>
#include <sys/statvfs.h>

#include <map>
#include <system_error>

#include "tests/support/scratch_folder.hpp"

namespace joust {
namespace {

using machine::FileSystemKind;
using machine::kind_of_file_system;
using test::ScratchFolder;

TEST_CASE("file systems that other machines share are known as such, and others are not") {
  const std::map<std::uint32_t, std::string> shared{
      {NFS_SUPER_MAGIC, "nfs"},     {SMB_SUPER_MAGIC, "smb"},   {CIFS_SUPER_MAGIC, "cifs"},
      {SMB2_SUPER_MAGIC, "smb2"},   {CEPH_SUPER_MAGIC, "ceph"}, {FUSE_SUPER_MAGIC, "fuse"},
      {AFS_SUPER_MAGIC, "afs"},     {AFS_FS_MAGIC, "afs"},      {V9FS_MAGIC, "9p"},
      {OCFS2_SUPER_MAGIC, "ocfs2"}, {CODA_SUPER_MAGIC, "coda"}, {0x0bd00bd0, "lustre"},
      {0x47504653, "gpfs"},         {0x19830326, "beegfs"},     {0xaad7aaea, "panfs"},
      {0x01161970, "gfs2"},         {0x20030528, "orangefs"}};
  for (const auto& [type, name] : shared) {
    CHECK(kind_of_file_system(type) == FileSystemKind{name, true});
  }
  const std::map<std::uint32_t, std::string> local{
      {EXT4_SUPER_MAGIC, "ext4"}, {XFS_SUPER_MAGIC, "xfs"},           {BTRFS_SUPER_MAGIC, "btrfs"},
      {TMPFS_MAGIC, "tmpfs"},     {OVERLAYFS_SUPER_MAGIC, "overlay"}, {F2FS_SUPER_MAGIC, "f2fs"}};
  for (const auto& [type, name] : local) {
    CHECK(kind_of_file_system(type) == FileSystemKind{name, false});
  }
  CHECK(kind_of_file_system(0xdeadbeef) == FileSystemKind{"type 0xdeadbeef", false});
}

TEST_CASE("a folder's file system is the one that statvfs describes") {
  const ScratchFolder folder;
  const auto found = machine::look_at_file_system(folder.path());
  struct statvfs other {};
  REQUIRE(::statvfs(folder.path().c_str(), &other) == 0);
  const bool is_read_only = (other.f_flag & ST_RDONLY) != 0;
  CHECK(found.read_only == is_read_only);
  // others may write meanwhile
  const double free_bytes =
      static_cast<double>(other.f_bavail) * static_cast<double>(other.f_frsize);
  CHECK(static_cast<double>(found.free_bytes) == doctest::Approx(free_bytes).epsilon(0.05));
  CHECK(found.free_inodes > 0);

  const auto proc = machine::look_at_file_system("/proc");
  CHECK(proc.name == "proc");
  CHECK_FALSE(proc.is_network);
  CHECK(proc.free_bytes == 0);
}

TEST_CASE("of a path that does not exist no file system is made up") {
  CHECK_THROWS_AS(machine::look_at_file_system("/nonexistent/folder"), std::system_error);
}

}  // namespace
}  // namespace joust
