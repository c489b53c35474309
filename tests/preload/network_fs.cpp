// Makes a folder look like one on NFS to the program that this library is preloaded into
// (LD_PRELOAD): JOUST_TEST_NETWORK names the folder. What NFS does not do fails there as it does on
// NFS: memory that is shared through a file and written, renameat2() with flags, and with
// JOUST_TEST_NO_LOCKS also record locks.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr long kNfs = 0x6969;

bool is_below(const std::string& path) {
  const char* folder = std::getenv("JOUST_TEST_NETWORK");
  return folder != nullptr && (path + '/').rfind(std::string(folder) + '/', 0) == 0;
}

bool is_there(const char* path) {
  std::array<char, PATH_MAX> real{};
  return is_below(::realpath(path, real.data()) != nullptr ? real.data() : path);
}

bool is_there(int fd) {
  std::array<char, PATH_MAX> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  return ::readlink(link.c_str(), path.data(), path.size() - 1) > 0 && is_below(path.data());
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int statfs(const char* path, struct statfs* status) noexcept {
  static const auto real = next<int (*)(const char*, struct statfs*)>("statfs");
  const int result = real(path, status);
  if (result == 0 && is_there(path)) status->f_type = kNfs;
  return result;
}

void* mmap(void* address, size_t length, int protection, int flags, int fd, off_t offset) noexcept {
  static const auto real = next<void* (*)(void*, size_t, int, int, int, off_t)>("mmap");
  if (fd >= 0 && (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0 && is_there(fd)) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  return real(address, length, protection, flags, fd, offset);
}

void* mmap64(void* address, size_t length, int protection, int flags, int fd,
             off64_t offset) noexcept {
  return mmap(address, length, protection, flags, fd, offset);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned int flags) noexcept {
  static const auto real =
      next<int (*)(int, const char*, int, const char*, unsigned int)>("renameat2");
  if (flags != 0 && is_there(from)) {
    errno = EINVAL;
    return -1;
  }
  return real(from_folder, from, to_folder, to, flags);
}

int fcntl64(int fd, int command, ...) {
  static const auto real = next<int (*)(int, int, ...)>("fcntl64");
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  const bool locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK ||
                     command == F_OFD_SETLKW;
  if (locks && std::getenv("JOUST_TEST_NO_LOCKS") != nullptr && is_there(fd)) {
    errno = ENOLCK;
    return -1;
  }
  return real(fd, command, argument);
}

int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  return fcntl64(fd, command, argument);
}
}
