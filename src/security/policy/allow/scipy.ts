import type { AllowGroup } from '../allow-group.ts'
import { nameTable, words } from '../name-table.ts'

/** The ufuncs of `scipy.special` in 1.10 and 1.17. */
const SPECIAL = words(`
  agm airy airye bdtr bdtrc bdtri bdtrik bdtrin bei beip ber berp besselpoly beta betainc betaincc betainccinv betaincinv
  betaln binom boxcox boxcox1p btdtr btdtri btdtria btdtrib cbrt chdtr chdtrc chdtri chdtriv chndtr chndtridf chndtrinc
  chndtrix cosdg cosm1 cotdg dawsn digamma ellipe ellipeinc ellipj ellipk ellipkinc ellipkm1 elliprc elliprd elliprf elliprg
  elliprj entr erf erfc erfcinv erfcx erfi erfinv eval_chebyc eval_chebys eval_chebyt eval_chebyu eval_gegenbauer
  eval_genlaguerre eval_hermite eval_hermitenorm eval_jacobi eval_laguerre eval_legendre eval_sh_chebyt eval_sh_chebyu
  eval_sh_jacobi eval_sh_legendre exp1 exp10 exp2 expi expit expm1 expn exprel fdtr fdtrc fdtri fdtridfd fresnel gamma
  gammainc gammaincc gammainccinv gammaincinv gammaln gammasgn gdtr gdtrc gdtria gdtrib gdtrix hankel1 hankel1e hankel2
  hankel2e huber hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e inv_boxcox inv_boxcox1p it2i0k0 it2j0y0 it2struve0 itairy iti0k0
  itj0y0 itmodstruve0 itstruve0 iv ive j0 j1 jn jv jve k0 k0e k1 k1e kei keip kelvin ker kerp kl_div kn kolmogi kolmogorov kv
  kve log1p log_expit log_ndtr log_wright_bessel loggamma logit lpmv mathieu_a mathieu_b mathieu_cem mathieu_modcem1
  mathieu_modcem2 mathieu_modsem1 mathieu_modsem2 mathieu_sem modfresnelm modfresnelp modstruve nbdtr nbdtrc nbdtri nbdtrik
  nbdtrin ncfdtr ncfdtri ncfdtridfd ncfdtridfn ncfdtrinc nctdtr nctdtridf nctdtrinc nctdtrit ndtr ndtri ndtri_exp nrdtrimn
  nrdtrisd obl_ang1 obl_ang1_cv obl_cv obl_rad1 obl_rad1_cv obl_rad2 obl_rad2_cv owens_t pbdv pbvv pbwa pdtr pdtrc pdtri
  pdtrik poch powm1 pro_ang1 pro_ang1_cv pro_cv pro_rad1 pro_rad1_cv pro_rad2 pro_rad2_cv pseudo_huber psi radian rel_entr
  rgamma round shichi sici sindg smirnov smirnovi spence sph_harm stdtr stdtridf stdtrit struve tandg tklmbda voigt_profile
  wofz wright_bessel wrightomega xlog1py xlogy y0 y1 yn yv yve zetac
`)

/** The classes of the distributions of `scipy.stats`. */
const DISTRIBUTIONS = nameTable(`
scipy.stats._continuous_distns: alpha_gen anglit_gen arcsine_gen argus_gen beta_gen betaprime_gen bradford_gen burr12_gen
    burr_gen cauchy_gen chi2_gen chi_gen cosine_gen crystalball_gen dgamma_gen dpareto_lognorm_gen dweibull_gen erlang_gen
    expon_gen exponnorm_gen exponpow_gen exponweib_gen f_gen fatiguelife_gen fisk_gen foldcauchy_gen foldnorm_gen gamma_gen
    gausshyper_gen genexpon_gen genextreme_gen gengamma_gen genhalflogistic_gen genhyperbolic_gen geninvgauss_gen
    genlogistic_gen gennorm_gen genpareto_gen gibrat_gen gilbrat_gen gompertz_gen gumbel_l_gen gumbel_r_gen halfcauchy_gen
    halfgennorm_gen halflogistic_gen halfnorm_gen hypsecant_gen invgamma_gen invgauss_gen invweibull_gen irwinhall_gen
    jf_skew_t_gen johnsonsb_gen johnsonsu_gen kappa3_gen kappa4_gen ksone_gen kstwo_gen kstwobign_gen landau_gen
    laplace_asymmetric_gen laplace_gen levy_gen levy_l_gen loggamma_gen logistic_gen loglaplace_gen lognorm_gen lomax_gen
    maxwell_gen mielke_gen moyal_gen nakagami_gen ncf_gen nct_gen ncx2_gen norm_gen norminvgauss_gen pareto_gen pearson3_gen
    powerlaw_gen powerlognorm_gen powernorm_gen rayleigh_gen rdist_gen recipinvgauss_gen reciprocal_gen rel_breitwigner_gen
    rice_gen semicircular_gen skew_norm_gen skewcauchy_gen skewnorm_gen studentized_range_gen t_gen trapezoid_gen triang_gen
    truncexpon_gen truncnorm_gen truncpareto_gen truncweibull_min_gen tukeylambda_gen uniform_gen vonmises_gen wald_gen
    weibull_max_gen weibull_min_gen wrapcauchy_gen
scipy.stats._discrete_distns: bernoulli_gen betabinom_gen betanbinom_gen binom_gen boltzmann_gen dlaplace_gen geom_gen
    hypergeom_gen logser_gen nbinom_gen nchypergeom_fisher_gen nchypergeom_wallenius_gen nhypergeom_gen planck_gen
    poisson_binom_gen poisson_gen randint_gen skellam_gen yulesimon_gen zipf_gen zipfian_gen
scipy.stats._levy_stable: levy_stable_gen
`)

const SPARSE = ['csr', 'csc', 'coo', 'lil', 'dok', 'bsr', 'dia']
/** `scipy.sparse._csr`, and the names that it had before SciPy 1.8. */
const sparse: Record<string, readonly string[]> = {}
for (const form of SPARSE) {
  sparse[`scipy.sparse._${form}`] = [`${form}_matrix`, `${form}_array`]
  sparse[`scipy.sparse.${form}`] = [`${form}_matrix`]
}

export const scipy: readonly AllowGroup[] = [
  {
    framework: 'SciPy',
    reason: 'a sparse matrix: restoring it copies numbers',
    names: { ...sparse, 'scipy.sparse._arrays': SPARSE.map((form) => `${form}_array`) },
  },
  {
    framework: 'SciPy',
    reason: 'an interpolator, a tree or a distribution: restoring it copies numbers',
    names: {
      'scipy.interpolate._interpolate': ['interp1d', 'PPoly', 'BPoly', 'NdPPoly'],
      'scipy.interpolate.interpolate': ['interp1d', 'PPoly'],
      'scipy.interpolate._bsplines': ['BSpline'],
      'scipy.interpolate._cubic': ['Akima1DInterpolator', 'CubicHermiteSpline', 'CubicSpline', 'PchipInterpolator'],
      'scipy.interpolate._fitpack2': [
        'InterpolatedUnivariateSpline',
        'LSQUnivariateSpline',
        'RectBivariateSpline',
        'UnivariateSpline',
      ],
      'scipy.interpolate._rbfinterp': ['RBFInterpolator'],
      'scipy.interpolate._rgi': ['RegularGridInterpolator'],
      'scipy.spatial._ckdtree': ['cKDTree'],
      'scipy.spatial.ckdtree': ['cKDTree'],
      'scipy.spatial._kdtree': ['KDTree'],
      'scipy.spatial.transform._rotation': ['Rotation'],
      'scipy.optimize._optimize': ['OptimizeResult'],
      'scipy.stats._kde': ['gaussian_kde'],
      'scipy.stats._distn_infrastructure': ['rv_continuous_frozen', 'rv_discrete_frozen', 'rv_frozen', 'rv_sample'],
      'scipy.stats._multivariate': ['multivariate_normal_frozen', 'multivariate_normal_gen'],
      'scipy.stats._covariance': ['CovViaCholesky', 'CovViaDiagonal', 'CovViaEigendecomposition', 'CovViaPrecision', 'CovViaPSD'],
      ...DISTRIBUTIONS,
    },
  },
  {
    framework: 'SciPy',
    reason: 'a function on arrays that a transformer refers to',
    use: 'value',
    names: {
      'scipy.special': SPECIAL,
      'scipy.special._ufuncs': SPECIAL,
      'scipy.special._basic': ['comb', 'factorial', 'softmax'],
      'scipy.special._logsumexp': ['log_softmax', 'logsumexp', 'softmax'],
      'scipy._lib.array_api_compat.numpy._aliases': ['asarray'],
    },
  },
]
