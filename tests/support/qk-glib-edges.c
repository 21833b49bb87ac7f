#define _GNU_SOURCE

#include <dlfcn.h>
#include <gio/gio.h>
#include <link.h>
#include <malloc.h>

/* Tells ThreadSanitizer what GLib's own synchronisation orders. Preloaded into the tests of a build
 * with -Db_sanitize=thread; see tests/meson.build.
 *
 * GLib is not built with the sanitizer, and its mutexes are futexes and atomics of its own, so that
 * every hand-over through it looks like a race. Each function here calls GLib's, and reports exactly
 * the order that GLib promises for it: of one mutex, of one object that was handed over, of one
 * reference count. No report is suppressed, and nothing beyond that is ordered, so that what is not
 * handed over this way is still found. What is missing here would show as a false report.
 *
 * Not seen: what happens within GLib's own memory, such as two threads that append to one array.
 */

/* Weak: programs without the sanitizer, such as the tests' Python, are preloaded too. */
extern void __tsan_acquire (void *address) __attribute__ ((weak));
extern void __tsan_release (void *address) __attribute__ ((weak));
extern void __tsan_write_range (void *address, unsigned long size) __attribute__ ((weak));
extern void __tsan_mutex_destroy (void *address, unsigned flags) __attribute__ ((weak));
extern void __tsan_mutex_pre_lock (void *address, unsigned flags) __attribute__ ((weak));
extern void __tsan_mutex_post_lock (void *address, unsigned flags, int depth)
    __attribute__ ((weak));
extern int __tsan_mutex_pre_unlock (void *address, unsigned flags) __attribute__ ((weak));
extern void __tsan_mutex_post_unlock (void *address, unsigned flags) __attribute__ ((weak));

#define TRY_LOCK        (1u << 4)
#define TRY_LOCK_FAILED (1u << 5)
#define LINKER_INIT     (1u << 0)

/* The function of this name in GLib. Looked up each time: it is a test, and the look-up orders
 * nothing that the sanitizer would take note of. */
#define REAL(name) ((__typeof__ (&name)) find (#name))

static void *
find (const char *name)
{
  void *function = dlsym (RTLD_NEXT, name);

  if (function == NULL)
    abort ();
  return function;
}

static void
acquire (gconstpointer address)
{
  if (__tsan_acquire != NULL)
    __tsan_acquire ((void *) address);
}

static void
release (gconstpointer address)
{
  if (__tsan_release != NULL)
    __tsan_release ((void *) address);
}

/* What g_free() does is GLib's, and is not looked at. What is freed by this program counts as written
 * by it all the same. */

static struct {
  ElfW (Addr) start;
  ElfW (Addr) end;
} program;

/* The first is the program itself. */
static int
find_program (struct dl_phdr_info *info, size_t size, void *data)
{
  for (int i = 0; i < info->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *header = &info->dlpi_phdr[i];

      if (header->p_type == PT_LOAD && (header->p_flags & PF_X) != 0)
        {
          program.start = info->dlpi_addr + header->p_vaddr;
          program.end = program.start + header->p_memsz;
        }
    }
  return 1;
}

static void __attribute__ ((constructor)) init_program (void)
{
  (void) dl_iterate_phdr (find_program, NULL);
}

void (g_free) (gpointer memory)
{
  ElfW (Addr) caller = (ElfW (Addr)) __builtin_return_address (0);

  if (memory != NULL && __tsan_write_range != NULL && caller >= program.start &&
      caller < program.end)
    __tsan_write_range (memory, malloc_usable_size (memory));
  REAL (g_free) (memory);
}

/* Mutexes. One that lies in zeroed memory is never initialized. */

static void
before_lock (GMutex *mutex, unsigned flags)
{
  if (__tsan_mutex_pre_lock != NULL)
    __tsan_mutex_pre_lock (mutex, flags | LINKER_INIT);
}

static void
after_lock (GMutex *mutex, unsigned flags)
{
  if (__tsan_mutex_post_lock != NULL)
    __tsan_mutex_post_lock (mutex, flags | LINKER_INIT, 0);
}

static void
before_unlock (GMutex *mutex)
{
  if (__tsan_mutex_pre_unlock != NULL)
    (void) __tsan_mutex_pre_unlock (mutex, 0);
}

static void
after_unlock (GMutex *mutex)
{
  if (__tsan_mutex_post_unlock != NULL)
    __tsan_mutex_post_unlock (mutex, 0);
}

void
g_mutex_clear (GMutex *mutex)
{
  REAL (g_mutex_clear) (mutex);
  if (__tsan_mutex_destroy != NULL)
    __tsan_mutex_destroy (mutex, LINKER_INIT);
}

void
g_mutex_lock (GMutex *mutex)
{
  before_lock (mutex, 0);
  REAL (g_mutex_lock) (mutex);
  after_lock (mutex, 0);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;

  before_lock (mutex, TRY_LOCK);
  locked = REAL (g_mutex_trylock) (mutex);
  after_lock (mutex, locked ? TRY_LOCK : TRY_LOCK | TRY_LOCK_FAILED);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  before_unlock (mutex);
  REAL (g_mutex_unlock) (mutex);
  after_unlock (mutex);
}

/* A wait gives the mutex away and takes it back. */
void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  before_unlock (mutex);
  after_unlock (mutex);
  REAL (g_cond_wait) (cond, mutex);
  before_lock (mutex, 0);
  after_lock (mutex, 0);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  gboolean signalled;

  before_unlock (mutex);
  after_unlock (mutex);
  signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  before_lock (mutex, 0);
  after_lock (mutex, 0);
  return signalled;
}

/* Reference counts: who takes the last one sees what the others did before they gave up theirs. */

gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  gboolean last;

  release (count);
  last = REAL (g_atomic_ref_count_dec) (count);
  if (last)
    acquire (count);
  return last;
}

/* Here the last one frees it at once, so all see what was done before theirs: GLib's decrement is
 * a full barrier. */

void
g_object_unref (gpointer object)
{
  release (object);
  acquire (object);
  REAL (g_object_unref) (object);
}

void
g_bytes_unref (GBytes *bytes)
{
  release (bytes);
  acquire (bytes);
  REAL (g_bytes_unref) (bytes);
}

/* Pools of threads, which GTask's workers are as well: what is pushed is handed over. */

typedef struct {
  GFunc function;
  gpointer user_data;
} Pool;

static void
run_pushed (gpointer data, gpointer user_data)
{
  const Pool *pool = user_data;

  acquire (data);
  pool->function (data, pool->user_data);
}

GThreadPool *
g_thread_pool_new (GFunc function,
                   gpointer user_data,
                   int max_threads,
                   gboolean exclusive,
                   GError **error)
{
  Pool *pool = g_new (Pool, 1);
  GThreadPool *result;

  *pool = (Pool){function, user_data};
  result = REAL (g_thread_pool_new) (run_pushed, pool, max_threads, exclusive, error);
  if (result == NULL)
    g_free (pool);
  return result;
}

gboolean
g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  release (data);
  return REAL (g_thread_pool_push) (pool, data, error);
}

/* Idle and timeout sources, by which GTask's results come as well: what was done before one is
 * attached comes before its callback. Other sources have callbacks of other shapes. */

typedef struct {
  GSource *source;
  GSourceFunc function;
  gpointer data;
  GDestroyNotify notify;
} Callback;

static gboolean
run_callback (gpointer user_data)
{
  const Callback *callback = user_data;

  acquire (callback->source);
  return callback->function (callback->data);
}

static void
free_callback (gpointer user_data)
{
  Callback *callback = user_data;

  acquire (callback->source);
  if (callback->notify != NULL)
    callback->notify (callback->data);
  g_free (callback);
}

void
g_source_set_callback (GSource *source, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  Callback *callback;

  if (function == NULL ||
      (source->source_funcs != &g_idle_funcs && source->source_funcs != &g_timeout_funcs))
    {
      REAL (g_source_set_callback) (source, function, data, notify);
      return;
    }
  callback = g_new (Callback, 1);
  *callback = (Callback){source, function, data, notify};
  REAL (g_source_set_callback) (source, run_callback, callback, free_callback);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  release (source);
  return REAL (g_source_attach) (source, context);
}
